import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acquainted, dumpOf, expect, test } from '../harness/index.ts'

const patience = { timeout: 45_000 }
const secret = 'the copper lantern is under the third stair'
const note = {
  name: 'lantern plan.txt',
  type: 'text/plain',
  bytes: Buffer.from(`${secret}\n`.repeat(2_000)),
}
/** A picture of one dark pixel. */
const picture = {
  name: 'northern lighthouse.png',
  type: 'image/png',
  bytes: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  ),
}

/** Where a node gives what it keeps: of the drives of its data room, and of the store of conversations. */
const holdsFiles = /\/(data|blobs)\//

/** A node whose folder the test can look into. */
const story = test.extend<{ folder: string; blobsOf: () => Promise<readonly string[]> }>({
  // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'pigeon-files-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  node: async ({ startNode, folder }, use) => {
    await use(await startNode({ PIGEON_DATA: folder }))
  },
  blobsOf: async ({ folder }, use) => {
    // The bytes are in the data room; a blob's own file says that they are, and how many.
    await use(async () => (await pathsIn(join(folder, 'blobs'))).filter((path) => /[0-9a-f]{64}\.\d+$/.test(path)))
  },
})

async function pathsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

story(
  'a file and a picture wait sealed at the node while their reader is away, arrive byte for byte with the sender gone, and go with their message',
  async ({ openPerson, folder, blobsOf }) => {
    const ada = await openPerson('Ada', { camera: false })
    const ben = await openPerson('Ben', { camera: false })
    await acquainted(ada, ben)
    await ben.writesTo('Ada')
    await ben.sendsLetter('I am off')
    await expect(ben.letters('Ada').getByText(/Delivered|Kept by a relay/)).toBeVisible(patience)
    const away = ben.page.url()
    await ben.page.goto('about:blank')

    await ada.writesTo('Ben')
    await expect(ada.letters('Ben').getByText('I am off')).toBeVisible(patience)
    await ada.sendsFiles(note, picture)
    await expect(ada.button(`Save ${picture.name}`)).toBeVisible(patience)
    await expect(ada.letters('Ben').getByText('Kept by a relay')).toBeVisible(patience)
    await expect(ada.page.getByRole('list', { name: 'Files on their way' })).toHaveCount(0)
    await expect(ada.letters('Ben').getByText('Waiting')).toHaveCount(0, patience)
    const adasPage = ada.page.url()
    await ada.page.goto('about:blank')

    // The node has both, and can read neither.
    expect(await blobsOf()).toHaveLength(2)
    const forms = [secret, 'lantern', 'lighthouse'].flatMap((text) => [text, Buffer.from(text).toString('hex')])
    for (const path of await pathsIn(folder)) {
      const content = await readFile(path)
      for (const form of forms) expect(content.includes(form), `${path} tells of ${form}`).toBe(false)
      expect(content.includes(picture.bytes.subarray(0, 33)), `${path} holds the picture`).toBe(false)
      expect(path).not.toMatch(/lantern|lighthouse/)
    }

    await ben.page.goto(away)
    expect(await ben.savesFile(note.name)).toEqual({ name: note.name, bytes: note.bytes })
    // Both use one node: the picture is shown unasked, and is one.
    const shown = ben.page.getByRole('img', { name: `Picture ${picture.name}` })
    await expect.poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth), patience).toBe(1)
    expect(await ben.savesFile(picture.name)).toEqual({ name: picture.name, bytes: picture.bytes })
    // Ben's browser keeps them too, as ciphertext.
    const dump = await dumpOf(ben.page)
    for (const text of [secret, 'lantern plan', 'lighthouse']) expect(dump.includes(text)).toBe(false)

    await ada.page.goto(adasPage)
    const message = ada.letters('Ben').getByRole('article').filter({ hasText: note.name })
    await message.hover(patience)
    await message.getByRole('button', { name: /^What to do with your message/ }).click()
    await expect(ada.page.getByRole('menuitem', { name: 'Edit' })).toHaveCount(0)
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(ben.letters('Ada').getByText('This message was deleted.')).toBeVisible(patience)
    await expect(ben.button(`Save ${note.name}`)).toHaveCount(0)
    await expect(shown).toBeVisible()
  },
)

story(
  'a file that was changed at the node, or is gone from there, is refused in plain words',
  async ({ openPerson, blobsOf }) => {
    const ada = await openPerson('Ada', { camera: false })
    const ben = await openPerson('Ben', { camera: false })
    ben.faults.expect(/404/)
    await acquainted(ada, ben)
    await ada.writesTo('Ben')
    await ada.sendsFiles(note)
    await ben.writesTo('Ada')
    await expect(ben.button(`Save ${note.name}`)).toBeVisible(patience)
    expect(await blobsOf()).toHaveLength(1)

    // The node turns against Ben: first it alters what it gives him, then it gives him nothing.
    let isGone = false
    await ben.page.route(holdsFiles, async (route) => {
      if (route.request().method() !== 'GET') return route.fallback()
      if (isGone) return route.fulfill({ status: 404 })
      const response = await route.fetch()
      const body = await response.body()
      if (body.length > note.bytes.length) body[100] = (body[100] ?? 0) ^ 1
      return route.fulfill({ response, body })
    })
    let downloads = 0
    ben.page.on('download', () => downloads++)
    await ben.button(`Save ${note.name}`).click()
    await expect(ben.letters('Ada').getByRole('alert')).toContainText('This file is damaged', patience)
    isGone = true
    await ben.button(`Save ${note.name}`).click()
    await expect(ben.letters('Ada').getByRole('alert')).toContainText('This file is gone', patience)
    expect(downloads).toBe(0)
    // Whoever sent it has it still.
    expect((await ada.savesFile(note.name)).bytes).toEqual(note.bytes)
  },
)

story(
  'where the node keeps no files, the page says so and offers nothing that would fail',
  async ({ startNode, openPerson }) => {
    const node = await startNode({ PIGEON_BLOBS: 'off' })
    const ada = await openPerson('Ada', { node, camera: false })
    const ben = await openPerson('Ben', { node, camera: false })
    await acquainted(ada, ben)
    await ada.writesTo('Ben')
    await expect(ada.button('Attach files')).toHaveAttribute('aria-disabled', 'true')
    await ada.button('Attach files').click({ force: true })
    await expect(ada.page.getByRole('alert')).toContainText('Your node keeps no files')
  },
)
