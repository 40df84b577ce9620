import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dumpOf, expect, FilesPanel, findOnDisk, formsOf, makeFilm, test, type Person } from '../harness/index.ts'

const patience = { timeout: 45_000 }
const secret = 'the copper lantern is under the third stair'
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Story {
  /** A folder of the person's own disk. */
  disk: string
  /** Somebody without a camera whose disk is the browser's. */
  openFiler: (name: string, node?: Address) => Promise<Person>
  /** Ada and Ben in a room of hers, at these nodes or at the story's own; neither has the files open. */
  openTwo: (adasNode?: Address, bensNode?: Address) => Promise<Two>
}

interface Address {
  readonly url: string
}

interface Two {
  readonly ada: Person
  readonly ben: Person
  readonly adas: FilesPanel
  readonly bens: FilesPanel
}

const story = test.extend<Story>({
  // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
  disk: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'pigeon-disk-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  openFiler: async ({ openPerson }, use) => {
    await use(async (name, node) => {
      const person = await openPerson(name, { camera: false, ...(node && { node }) })
      await FilesPanel.prepare(person)
      return person
    })
  },
  openTwo: async ({ openFiler }, use) => {
    await use(async (adasNode, bensNode) => {
      const [ada, ben] = [await openFiler('Ada', adasNode), await openFiler('Ben', bensNode)]
      await ben.joinByLink(await ada.newRoom())
      await ben.seesNobodyBut('Ada')
      return { ada, ben, adas: new FilesPanel(ada), bens: new FilesPanel(ben) }
    })
  },
})

story(
  'a file that one brings is read by the other at another node, byte for byte, with its folders and versions',
  async ({ disk, openTwo, startNode }) => {
    const { ben, adas, bens } = await openTwo(await startNode(), await startNode())
    const note = join(disk, 'lantern plan.txt')
    await writeFile(note, `${secret}\n`)
    await adas.open()
    await adas.chooses(note)
    await adas.reaches('lantern plan.txt', 'done')

    await bens.open()
    await expect(bens.row('lantern plan.txt')).toBeVisible(patience)
    expect(await bens.saves('lantern plan.txt')).toEqual({
      sha256: sha256(Buffer.from(`${secret}\n`)),
      bytes: secret.length + 1,
    })
    await bens.enters('lantern plan.txt')
    await expect(ben.page.getByRole('dialog').getByText(secret)).toBeVisible(patience)
    await ben.page.keyboard.press('Escape')

    // Ben writes as well, into a folder, and Ada sees both.
    await mkdir(join(disk, 'Plans'))
    await writeFile(join(disk, 'Plans', 'answer.txt'), 'yes')
    await bens.choosesFolder(join(disk, 'Plans'))
    await adas.enters('Plans')
    await expect(adas.row('answer.txt')).toBeVisible(patience)
    expect((await adas.saves('answer.txt')).sha256).toBe(sha256(Buffer.from('yes')))
  },
)

story(
  'a file that one attaches to the chat is a card for the other, who looks at it and saves it, until somebody deletes it',
  async ({ disk, openTwo, startNode }) => {
    const { ben, adas, bens } = await openTwo(await startNode(), await startNode())
    const note = join(disk, 'lantern plan.txt')
    await writeFile(note, `${secret}\n`)
    await adas.attaches('this one', note)
    await writeFile(note, 'another lantern')
    await adas.attaches('and this one, of the same name', note)

    await ben.openChat()
    const [first, second] = [bens.card('lantern plan.txt'), bens.card('lantern plan (2).txt')]
    // Until the data room is open both cards have the name that they were attached by.
    for (const card of [second, first]) await expect(card).toHaveAttribute('data-state', 'there', patience)
    await expect(first).toContainText('Ada')
    await first.getByRole('button', { name: 'Open lantern plan.txt' }).click()
    await expect(ben.page.getByRole('dialog').getByText(secret)).toBeVisible(patience)
    await ben.page.keyboard.press('Escape')
    await second.getByRole('button', { name: 'Save lantern plan (2).txt' }).click()
    await expect
      .poll(async () => (await bens.onDisk('lantern plan (2).txt').catch(() => undefined))?.sha256, patience)
      .toBe(sha256(Buffer.from('another lantern')))

    await adas.open()
    await adas.enters('Chat')
    await adas.does('lantern plan.txt', 'Delete')
    // The other one has the name for itself now.
    const cards = bens.chat.getByTestId('attached')
    await expect(cards.nth(0)).toHaveAttribute('data-state', 'deleted', patience)
    await expect(cards.nth(1)).toHaveAttribute('data-state', 'there')
    await expect(cards.nth(1).getByTitle('lantern plan.txt', { exact: true })).toBeVisible(patience)
  },
)

story(
  'whoever leaves while a file of a message is on its way is asked first, and sends it by staying',
  async ({ disk, openFiler, startNode }) => {
    const node = await startNode()
    const ada = await openFiler('Ada', node)
    // The node is away for a while: its page complains.
    ada.faults.expect(/ERR_|WebSocket|401/)
    await ada.newRoom()
    const adas = new FilesPanel(ada)
    await adas.open()
    const note = join(disk, 'lantern plan.txt')
    await writeFile(note, secret)
    await adas.chooses(note)
    await adas.reaches('lantern plan.txt', 'done')
    await node.kill()
    await adas.stages('this one', note)
    const question = ada.page.getByRole('dialog', { name: 'Leave before it is sent?' })
    await ada.button('Leave').click()
    await question.getByRole('button', { name: 'Cancel' }).click()
    await ada.page.goBack()
    await question.getByRole('button', { name: 'Cancel' }).click()
    await node.restart()
    await expect(adas.card('lantern plan.txt')).toHaveAttribute('data-state', 'there', patience)
    await ada.leave()
    await expect(question).toHaveCount(0)
  },
)

story(
  'what one brought and deleted, and former versions, can be deleted for good: then nobody has it any more, and there is room',
  async ({ disk, openTwo, startNode }) => {
    const { ada, ben, adas, bens } = await openTwo(await startNode(), await startNode())
    const note = join(disk, 'lantern plan.txt')
    await adas.open()
    await bens.open()
    await writeFile(note, secret.padEnd(3_000_000, '.'))
    await adas.chooses(note)
    await expect.poll(() => bens.versions('lantern plan.txt'), patience).toBe(1)
    await writeFile(note, secret.padEnd(2_000_000, '.'))
    await adas.chooses(note)
    await expect.poll(() => bens.versions('lantern plan.txt'), patience).toBe(2)

    await adas.does('lantern plan.txt', 'Versions…')
    await ada.button('Delete version 1 for good').click()
    const question = ada.page.getByRole('dialog')
    await expect(question).toContainText('1 version that you wrote (3.0 MB)')
    await question.getByRole('button', { name: 'Delete for good' }).click()
    await expect(ada.page.getByTestId('version')).toHaveCount(1, patience)
    await ada.page.keyboard.press('Escape')
    await expect.poll(() => bens.versions('lantern plan.txt'), patience).toBe(1)

    await adas.does('lantern plan.txt', 'Delete')
    for (const panel of [adas, bens]) {
      await panel.showsDeleted()
      await expect(panel.row('lantern plan.txt')).toBeVisible(patience)
    }
    await expect(adas.used).toHaveText(/^2\.\d MB of /, patience)
    await bens.opensMenuOf('lantern plan.txt')
    await expect(ben.page.getByRole('menuitem', { name: 'Restore' })).toBeVisible()
    await expect(ben.page.getByRole('menuitem', { name: 'Delete for good' })).toHaveCount(0)
    await ben.page.keyboard.press('Escape')

    await adas.does('lantern plan.txt', 'Delete for good…')
    await question.getByRole('button', { name: 'Delete for good' }).click()
    for (const panel of [adas, bens]) await expect(panel.row('lantern plan.txt')).toHaveCount(0, patience)
    await expect(adas.used).toHaveText(/^\d+(\.\d)? (bytes|kB) of /, patience)
  },
)

story(
  'a folder of 500 files outlives its author and the node that brought it: a blind replica has the ciphertext, and nothing on the way or on a disk tells of it',
  async ({ disk, openTwo, startNode, startReplica, recordRelay }) => {
    test.setTimeout(300_000)
    const adasNode = await startNode()
    const bensNode = await startNode()
    const recorder = await recordRelay(adasNode)
    const { ada, ben, adas, bens } = await openTwo(recorder, bensNode)
    await adas.open()
    await bens.open()
    const replica = await startReplica(await adas.replicaCode())

    const folder = join(disk, 'Lighthouse papers')
    await mkdir(folder)
    const contents = Array.from({ length: 500 }, (_, n) => Buffer.from(`${secret}, says keeper ${n}\n`.repeat(40)))
    const nameOf = (n: number): string => `keeper ${n.toString().padStart(3, '0')}.txt`
    await Promise.all(contents.map((content, n) => writeFile(join(folder, nameOf(n)), content)))
    await adas.choosesFolder(folder)
    await adas.isQuiet(150_000)
    // Ben knows that there are files, and has fetched none of them.
    await bens.enters('Lighthouse papers')
    await expect(bens.panel.getByText('500 items')).toBeVisible(patience)
    await replica.keeps(
      contents.reduce((sum, content) => sum + content.length, 0),
      120_000,
    )

    await ada.page.goto('about:blank')
    await adasNode.kill()
    ben.faults.expect(/./)
    await ben.seesNobodyBut()
    for (const n of [7, 499]) {
      await bens.searches(nameOf(n))
      expect((await bens.saves(nameOf(n))).sha256).toBe(sha256(contents[n] ?? Buffer.alloc(0)))
    }

    const needles = [secret, 'Lighthouse papers', nameOf(7)].flatMap(formsOf)
    for (const place of [replica.folder, adasNode.folder, bensNode.folder]) {
      expect(await findOnDisk(place, needles), place).toEqual([])
    }
    for (const needle of needles) expect(recorder.saw(needle)).toBe(false)
    // Not because nothing passed: the ids of what was stored did.
    expect(recorder.saw('/data/drives/')).toBe(true)
    const dump = await dumpOf(ben.page)
    for (const text of [secret, 'Lighthouse', 'keeper 007']) expect(dump.includes(text)).toBe(false)
  },
)

story(
  'an upload goes on after the node was killed in the middle, and after a reload once its file is chosen again',
  async ({ disk, openFiler, startNode }) => {
    test.setTimeout(180_000)
    const node = await startNode()
    const ada = await openFiler('Ada', node)
    // The node is away for a while: its page complains.
    ada.faults.expect(/ERR_|WebSocket|401/)
    await ada.newRoom()
    const adas = new FilesPanel(ada)
    await adas.open()
    const film = join(disk, 'film.bin')
    const content = Buffer.alloc(120 * 1_048_576)
    for (let at = 0; at < content.length; at += 4_096) content.writeUInt32LE((at * 2_654_435_761) >>> 0, at)
    await writeFile(film, content)
    await adas.chooses(film)
    await adas.isPast('film.bin', 0.15)
    await node.kill()
    await node.restart()
    await adas.isPast('film.bin', 0.4)
    await ada.page.reload()
    await expect(ada.button('Leave')).toBeVisible(patience)
    await adas.open()
    await adas.reaches('film.bin', 'needs-file')
    await adas.choosesAgain('film.bin', film)
    await adas.reaches('film.bin', 'done', 120_000)
    await expect(adas.row('film.bin')).toBeVisible(patience)
    expect(await adas.saves('film.bin', 120_000)).toEqual({ sha256: sha256(content), bytes: content.length })
  },
)

story(
  'whoever may only read sees so, and has nothing that would fail; everybody is told',
  async ({ disk, openTwo }) => {
    const { ada, ben, adas, bens } = await openTwo()
    await adas.open()
    const note = join(disk, 'rules.txt')
    await writeFile(note, 'read me')
    await adas.chooses(note)
    await bens.open()
    await expect(bens.row('rules.txt')).toBeVisible(patience)
    await expect(bens.uploadButton).toBeVisible()

    await ada.manage('Ben', 'May only read files')
    await expect(bens.uploadButton).toHaveCount(0)
    await expect(bens.panel.getByText('You can read here and change nothing.')).toBeVisible()
    await bens.opensMenuOf('rules.txt')
    await expect(ben.page.getByRole('menuitem', { name: 'Download' })).toBeVisible()
    await expect(ben.page.getByRole('menuitem', { name: 'Rename' })).toHaveCount(0)
    await expect(ben.page.getByRole('menuitem', { name: 'Delete' })).toHaveCount(0)
    await ben.page.keyboard.press('Escape')
    await ada.openPeople()
    await expect(ada.page.getByText('Reads files only')).toBeVisible()
    expect((await bens.saves('rules.txt')).sha256).toBe(sha256(Buffer.from('read me')))

    await ada.manage('Ben', 'May edit files')
    await expect(bens.uploadButton).toBeVisible()
  },
)

story('who was removed sees nothing that is written from then on', async ({ disk, openTwo }) => {
  const { ada, ben, adas, bens } = await openTwo()
  let journal = ''
  ada.page.on('request', (request) => {
    journal = /^.+\/data\/drives\/[0-9a-f]{64}\/journal(?=\/\d+$)/.exec(request.url())?.[0] ?? journal
  })
  let pass = ''
  ben.page.on('request', (request) => {
    if (request.url().includes('/data/drives/')) pass = request.headers()['authorization'] ?? pass
  })
  /** What the node gives Ben of Ada's journal. */
  const given = async (): Promise<Buffer> => {
    const answer = await ben.page.request.get(journal, { headers: { authorization: pass } })
    expect(answer.status()).toBe(200)
    return answer.body()
  }
  await adas.open()
  await bens.open()
  const [before, after] = [join(disk, 'before.txt'), join(disk, 'after.txt')]
  await writeFile(before, 'for both')
  await adas.chooses(before)
  await expect(bens.row('before.txt')).toBeVisible(patience)
  const known = await given()
  await ada.removes('Ben')
  await expect(ben.page.getByRole('heading', { name: 'You were removed' })).toBeVisible(patience)
  await adas.open()
  await writeFile(after, 'for Ada alone')
  await adas.chooses(after)
  await adas.reaches('after.txt', 'done')
  await expect(adas.row('before.txt')).toBeVisible()
  await expect(adas.row('after.txt')).toBeVisible()
  // His node still gives him what Ada writes: it is there, behind what he knew, and tells him nothing. That his keys open none of it is H4 of
  // core/test/scenario/files.test.ts.
  await expect.poll(async () => (await given()).length, patience).toBeGreaterThan(known.length)
  const later = await given()
  expect(later.subarray(0, known.length).equals(known)).toBe(true)
  for (const needle of ['before.txt', 'after.txt'].flatMap(formsOf)) expect(later.includes(needle)).toBe(false)
})

story(
  'a film plays from the middle without being fetched whole, a PDF is read and a picture seen, all without a network',
  async ({ disk, openFiler }) => {
    test.setTimeout(150_000)
    const ada = await openFiler('Ada')
    const film = await makeFilm(ada.page, 60)
    await ada.page.setContent('<h1>Lighthouse agreement</h1>')
    const paper = await ada.page.pdf()
    const picture = await ada.page.screenshot()
    await ada.newRoom()
    const adas = new FilesPanel(ada)
    await adas.open()
    const files = { 'waves.mp4': film, 'agreement.pdf': paper, 'lamp.png': picture }
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(disk, name), bytes)
    await adas.chooses(...Object.keys(files).map((name) => join(disk, name)))
    await adas.isQuiet()

    let fetched = 0
    ada.page.on('response', (response) => {
      if (response.url().includes('/objects/')) fetched += Number(response.headers()['content-length'] ?? 0)
    })
    await adas.enters('waves.mp4')
    const frame = ada.page.frameLocator('iframe[title="Preview of waves.mp4"]')
    const video = frame.locator('video')
    await expect(video).toBeVisible(patience)
    const at = (seconds: number): Promise<boolean> =>
      video.evaluate(
        (element, time) =>
          new Promise<boolean>((resolve) => {
            const shown = element as HTMLVideoElement
            shown.addEventListener('seeked', () => resolve(shown.videoWidth > 0 && shown.readyState >= 2), {
              once: true,
            })
            shown.currentTime = time
          }),
        seconds,
      )
    expect(await at(58)).toBe(true)
    expect(fetched).toBeGreaterThan(0)
    expect(fetched).toBeLessThan(film.length * 0.75)
    await ada.page.keyboard.press('Escape')

    await adas.enters('agreement.pdf')
    const book = ada.page.frameLocator('iframe[title="Preview of agreement.pdf"]')
    await expect(book.getByRole('region', { name: 'Page 1 of 1' })).toContainText('Lighthouse agreement', patience)
    await ada.page.keyboard.press('Escape')

    await adas.enters('lamp.png')
    const image = ada.page.frameLocator('iframe[title="Preview of lamp.png"]').getByRole('img', { name: 'lamp.png' })
    await expect.poll(() => image.evaluate((shown) => (shown as HTMLImageElement).naturalWidth), patience).toBe(1_100)
    // The frame asks nobody: neither another host nor the node that it came from.
    const tried = await image.evaluate(async () => {
      const answer = await fetch('/node.json').then(
        () => 'reached',
        () => 'refused',
      )
      return { answer, origin: self.origin }
    })
    expect(tried).toEqual({ answer: 'refused', origin: 'null' })
    ada.faults.expect(/connect-src|Content Security Policy/)
  },
)

story('a file of 2 GB, larger than a page could hold, comes through whole', async ({ disk, openPerson, startNode }) => {
  test.setTimeout(900_000)
  const sizeBytes = 2 * 1_073_741_824
  // At both ends, and across the seam of two segments.
  const places = [0, 256 * 4_194_304 - 7, sizeBytes - 32]
  const markOf = (place: number): string => `a mark at ${place.toString().padStart(22, '0')}`
  const ada = await openPerson('Ada', { camera: false, node: await startNode() })
  const ben = await openPerson('Ben', { camera: false, node: await startNode() })
  await FilesPanel.prepareMeter(ben, places)
  await ben.joinByLink(await ada.newRoom())
  await ben.seesNobodyBut('Ada')
  const [adas, bens] = [new FilesPanel(ada), new FilesPanel(ben)]
  await adas.open()
  await bens.open()
  const path = join(disk, 'archive.bin')
  const file = await open(path, 'w')
  await file.truncate(sizeBytes)
  for (const place of places) await file.write(markOf(place), place)
  await file.close()
  await adas.chooses(path)
  await adas.reaches('archive.bin', 'done', 420_000)
  await bens.does('archive.bin', 'Download')
  await expect.poll(() => bens.metered(), { timeout: 420_000 }).toEqual({ bytes: sizeBytes, marks: places.map(markOf) })
})
