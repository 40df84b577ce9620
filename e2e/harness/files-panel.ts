import { createHash } from 'node:crypto'
import { expect, type Locator } from '@playwright/test'
import type { Person } from './person.ts'

const patience = { timeout: 45_000 }

/** The files of the room that somebody is in, as that person uses them. */
export class FilesPanel {
  readonly #person: Person

  constructor(person: Person) {
    this.#person = person
  }

  /** The person's disk is a folder of the browser: what is saved streams there, and no question of the system waits for an answer. */
  static async prepare({ page }: Person): Promise<void> {
    await page.addInitScript(() => {
      const picker = async ({ suggestedName }: { suggestedName: string }): Promise<FileSystemFileHandle> => {
        const disk = await navigator.storage.getDirectory()
        return disk.getFileHandle(suggestedName, { create: true })
      }
      Object.defineProperty(window, 'showSaveFilePicker', { value: picker })
    })
  }

  /** A disk that keeps nothing but the length of what is saved, and what stands at these places: for files that no browser of a test should hold. */
  static async prepareMeter({ page }: Person, places: readonly number[]): Promise<void> {
    await page.addInitScript(
      (marks) => {
        const held = { bytes: 0, isClosed: false, marks: marks.map(() => '') }
        const picker = () =>
          Promise.resolve({
            createWritable: () =>
              Promise.resolve({
                write(part: Uint8Array<ArrayBuffer>): Promise<void> {
                  marks.forEach((mark, index) => {
                    const from = Math.max(0, mark - held.bytes)
                    const text = new TextDecoder().decode(part.subarray(from, Math.max(from, mark + 32 - held.bytes)))
                    if (mark < held.bytes + part.length && mark + 32 > held.bytes)
                      held.marks[index] = (held.marks[index] ?? '') + text
                  })
                  held.bytes += part.length
                  return Promise.resolve()
                },
                close: () => Promise.resolve(void (held.isClosed = true)),
                abort: () => Promise.resolve(),
              }),
          })
        Object.defineProperty(window, 'showSaveFilePicker', { value: picker })
        Object.defineProperty(window, 'pigeonMeter', { value: held })
      },
      [...places],
    )
  }

  /** What came to a disk of `prepareMeter`; undefined while it is not whole. */
  metered(): Promise<{ readonly bytes: number; readonly marks: readonly string[] } | undefined> {
    return this.#page.evaluate(() => {
      const { pigeonMeter: held } = window as unknown as {
        pigeonMeter: { bytes: number; isClosed: boolean; marks: string[] }
      }
      return held.isClosed ? { bytes: held.bytes, marks: held.marks } : undefined
    })
  }

  get #page(): Person['page'] {
    return this.#person.page
  }

  get panel(): Locator {
    return this.#page.getByRole('complementary', { name: 'Files' })
  }

  /** Opens the panel; resolves when it shows files, or that there are none. */
  async open(): Promise<void> {
    if (!(await this.panel.isVisible())) await this.#person.button('Files').click()
    await expect(this.panel.getByTestId('files')).toBeVisible(patience)
  }

  row(name: string): Locator {
    return this.panel.getByRole('row').filter({ has: this.#page.getByTitle(name, { exact: true }) })
  }

  /** What the person has on this side of the panel that changes something. */
  get uploadButton(): Locator {
    return this.panel.getByRole('button', { name: 'Upload' })
  }

  async chooses(...paths: readonly string[]): Promise<void> {
    await this.panel.getByTestId('choose-files').setInputFiles([...paths])
  }

  async choosesFolder(path: string): Promise<void> {
    await this.panel.getByTestId('choose-folder').setInputFiles(path)
  }

  /** How far the transfer of this file is; resolves when it is there. */
  async reaches(name: string, state: 'done' | 'needs-file' | 'failed' | 'running', timeout = 60_000): Promise<void> {
    const item = this.panel.getByTestId('transfer').filter({ hasText: name })
    await expect(item).toHaveAttribute('data-state', state, { timeout })
  }

  /** So much of the file is on its way or there: a share from 0 to 1. */
  async isPast(name: string, share: number, timeout = 60_000): Promise<void> {
    const bar = this.panel.getByRole('progressbar', { name: `Progress of ${name}` })
    await expect
      .poll(() => bar.evaluate((element) => (element as HTMLProgressElement).value), { timeout, intervals: [50] })
      .toBeGreaterThan(share)
  }

  /** What was on its way is there. */
  async isQuiet(timeout = 60_000): Promise<void> {
    await expect(this.panel.getByTestId('transfer').first()).toBeVisible(patience)
    await expect(this.panel.locator('[data-testid=transfer]:not([data-state=done])')).toHaveCount(0, { timeout })
  }

  /** Goes into a folder, or shows a file. */
  async enters(name: string): Promise<void> {
    await this.row(name).dblclick(patience)
  }

  async searches(query: string): Promise<void> {
    await this.panel.getByRole('textbox', { name: 'Search files by name' }).fill(query)
  }

  async choosesAgain(name: string, path: string): Promise<void> {
    const item = this.panel.getByTestId('transfer').filter({ hasText: name })
    await item.getByTestId('choose-again').setInputFiles(path)
  }

  async opensMenuOf(name: string): Promise<void> {
    await this.row(name)
      .getByRole('button', { name: `What to do with ${name}` })
      .click(patience)
  }

  async does(name: string, action: string): Promise<void> {
    await this.row(name)
      .getByRole('button', { name: `What to do with ${name}` })
      .click(patience)
    await this.#page.getByRole('menuitem', { name: action }).click()
  }

  /** How many versions there are of a file, as the question about them shows. */
  async versions(name: string): Promise<number> {
    if (!(await this.row(name).isVisible())) return 0
    await this.does(name, 'Versions…')
    const shown = this.#page.getByRole('dialog', { name: `Versions of ${name}` })
    await expect(shown).toBeVisible()
    const count = await shown.getByTestId('version').count()
    await this.#page.keyboard.press('Escape')
    await expect(shown).toHaveCount(0)
    return count
  }

  /** Shows what was deleted. */
  async showsDeleted(): Promise<void> {
    await this.panel.getByRole('button', { name: 'More', exact: true }).click()
    await this.#page.getByRole('menuitem', { name: 'Recently deleted' }).click()
  }

  /** How much of the share of the node is used. */
  get used(): Locator {
    return this.panel.getByText(/ of .+ used$/)
  }

  /** Writes to everybody, with these files. Resolves when the message is out, and so its files are there. */
  async attaches(words: string, ...paths: readonly string[]): Promise<void> {
    await this.stages(words, ...paths)
    await expect(this.chat.getByRole('list', { name: 'Files to attach' })).toHaveCount(0, { timeout: 60_000 })
  }

  /** The same, without waiting for it to go out. */
  async stages(words: string, ...paths: readonly string[]): Promise<void> {
    await this.#person.openChat()
    const chat = this.chat
    await chat
      .getByLabel('Attach files')
      .and(chat.locator('input'))
      .setInputFiles([...paths])
    await chat.getByRole('textbox', { name: 'Message' }).fill(words)
    await chat.getByRole('button', { name: 'Send', exact: true }).click()
  }

  get chat(): Locator {
    return this.#page.getByRole('complementary', { name: 'Chat' })
  }

  /** A file that a message of the chat speaks of. */
  card(name: string): Locator {
    return this.chat.getByTestId('attached').filter({ has: this.#page.getByTitle(name, { exact: true }) })
  }

  /** Saves to the person's disk. @returns SHA-256 in hex and the length of what is there then. */
  async saves(name: string, timeout = 60_000): Promise<{ readonly sha256: string; readonly bytes: number }> {
    await this.savesUnread(name, timeout)
    return this.onDisk(name)
  }

  async savesUnread(name: string, timeout: number): Promise<void> {
    await this.does(name, 'Download')
    const item = this.panel.getByTestId('transfer').filter({ hasText: `Download: ${name}` })
    await expect(item.last()).toHaveAttribute('data-state', 'done', { timeout })
  }

  /** A file of the person's disk, read here piece by piece. */
  async onDisk(name: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
    const pieceBytes = 8 * 1_048_576
    const hash = createHash('sha256')
    let bytes = 0
    for (;;) {
      const piece = await this.#page.evaluate(
        async ({ file, from, to }) => {
          const disk = await navigator.storage.getDirectory()
          const saved = await (await disk.getFileHandle(file)).getFile()
          const url = await new Promise<string>((resolve) => {
            const reader = new FileReader()
            reader.onload = () => {
              resolve(reader.result as string)
            }
            reader.readAsDataURL(saved.slice(from, to))
          })
          return url.slice(url.indexOf(',') + 1)
        },
        { file: name, from: bytes, to: bytes + pieceBytes },
      )
      const part = Buffer.from(piece, 'base64')
      hash.update(part)
      bytes += part.length
      if (part.length < pieceBytes) return { sha256: hash.digest('hex'), bytes }
    }
  }

  /** The command that a volunteer runs, as the page shows it. @returns its code. */
  async replicaCode(): Promise<string> {
    await this.panel.getByRole('button', { name: 'More', exact: true }).click()
    await this.#page.getByRole('menuitem', { name: 'Keep a copy elsewhere…' }).click()
    await this.#person.button('Show the command').click()
    const command = await this.#page.getByRole('textbox', { name: 'Command to run' }).inputValue(patience)
    await this.#page.keyboard.press('Escape')
    return /^pigeon replicate --blind (\S+)$/.exec(command)?.[1] ?? ''
  }
}
