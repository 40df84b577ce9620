import { writeFile } from 'node:fs/promises'
import { expect, FilesPanel, test } from '../harness/index.ts'

const patience = { timeout: 45_000 }
const name = 'lantern plan.txt'
const words = 'the plan, at last'

test('a message whose files the page cannot load keeps its words, gives them back, and goes out on another try', async ({
  openPerson,
}, testInfo) => {
  const ada = await openPerson('Ada', { camera: false })
  await FilesPanel.prepare(ada)
  await ada.newRoom()
  const panel = new FilesPanel(ada)
  const { chat } = panel
  const note = testInfo.outputPath(name)
  await writeFile(note, 'under the third stair')
  const [tray, field] = [
    chat.getByRole('list', { name: 'Files to attach' }),
    chat.getByRole('textbox', { name: 'Message' }),
  ]
  const parts = '**/assets/files-*.js'
  ada.faults.expect(/ERR_FAILED .*\/files-/)
  await ada.page.route(parts, (route) => route.abort())

  await panel.stages(words, note)
  await expect(tray).toContainText('The files could not be opened', patience)
  await expect(field).toHaveValue('')
  await tray.getByRole('button', { name: `Leave out ${name}` }).click()
  await expect(tray).toHaveCount(0)
  await expect(field).toHaveValue(words)
  await expect(field).toBeFocused()

  await panel.stages(words, note)
  await expect(tray).toContainText('The files could not be opened', patience)
  await ada.page.unroute(parts)
  await chat.getByRole('button', { name: 'Try again', exact: true }).click()
  await expect(tray).toHaveCount(0, patience)
  await expect(chat.getByRole('log')).toContainText(words)
  await expect(panel.card(name)).toHaveAttribute('data-state', 'there', patience)

  // Whoever looks at it is at its card again afterwards.
  const opener = panel.card(name).getByRole('button', { name: `Open ${name}` })
  await opener.click()
  const dialog = ada.page.getByRole('dialog')
  await expect(dialog.getByText('under the third stair')).toBeVisible(patience)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(opener).toBeFocused()
})
