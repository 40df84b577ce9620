import { readFile } from 'node:fs/promises'
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test'
import type { Browsers, Devices } from './browsers.ts'
import { Faults } from './faults.ts'
import { installBusyCamera, installProbe, type TileMedia } from './media-probe.ts'

export interface PersonOptions {
  /** Where the page is opened: a node, or a recorder before it. */
  readonly node: { readonly url: string }
  readonly devices?: Devices | 'busy-camera'
  /** Turn the camera off before joining: two cores carry few videos. */
  readonly camera?: boolean
}

/** What one asks for when the product must still be the one that decides: a fact that comes true. */
const patience = { timeout: 30_000 }

/** Somebody at a browser of their own; does what people do, by the names that people see. */
export class Person {
  readonly name: string
  readonly page: Page
  readonly faults = new Faults()
  readonly #options: PersonOptions

  private constructor(name: string, page: Page, options: PersonOptions) {
    this.name = name
    this.page = page
    this.#options = options
    this.faults.watch(page)
  }

  static async open(name: string, browsers: Browsers, options: PersonOptions): Promise<Person> {
    const { devices = 'allowed' } = options
    const browser = await browsers.get(devices === 'busy-camera' ? 'allowed' : devices)
    const context: BrowserContext = await browser.newContext({ viewport: { width: 1100, height: 720 } })
    await context.addInitScript(installProbe)
    if (devices === 'busy-camera') await context.addInitScript(installBusyCamera)
    return new Person(name, await context.newPage(), options)
  }

  get url(): string {
    return this.#options.node.url
  }

  // ── coming in ──

  /** Opens the page, makes a room, of another privacy than the standard one if that is asked, and enters it. @returns the invite link. */
  async newRoom(privacy?: 'Same network' | 'Hidden addresses'): Promise<string> {
    await this.page.goto(`${this.url}/`)
    if (privacy !== undefined) {
      await this.page.getByText('Privacy:', { exact: true }).click()
      await this.page.getByRole('radio', { name: privacy }).check()
    }
    await this.button('New room').click()
    await this.enter()
    return this.inviteLink()
  }

  /** Opens a link as one that came by mail. The page is this person's own node's, whoever made the link. */
  async open(link: string): Promise<void> {
    await this.page.goto(link.replace(/^[^#]*/, `${this.url}/`))
  }

  async joinByLink(link: string): Promise<void> {
    await this.open(link)
    await this.enter()
  }

  /** Puts a link into the address of the page that is open, as from a mail. */
  async follows(link: string): Promise<void> {
    await this.page.evaluate((fragment) => {
      location.hash = fragment
    }, new URL(link).hash)
  }

  /** Opens a link to a room where one has to ask, and asks. */
  async knocks(link: string): Promise<void> {
    await this.open(link)
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(this.name)
    await this.button('Join now').click()
    await expect(this.page.getByRole('heading', { name: 'Waiting to be let in' })).toBeVisible(patience)
  }

  /** From the pre-join page into the room. */
  async enter(): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(this.name)
    if (this.#options.camera === false) await this.button('Turn camera off').click()
    await this.button('Join now').click()
    await expect(this.button('Leave')).toBeVisible(patience)
  }

  async leave(): Promise<void> {
    await this.button('Leave').click()
    await expect(this.page.getByRole('heading', { name: 'You left' })).toBeVisible()
  }

  async inviteLink(): Promise<string> {
    await this.button('Copy invite link').first().click()
    await expect.poll(() => this.page.evaluate(() => window.pigeonProbe.copied)).toContain('#/r/')
    return this.page.evaluate(() => window.pigeonProbe.copied)
  }

  /** From the page after a first call to the dashboard. The offer of a backup comes a moment later and moves what stands above it. */
  async goHome(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: 'Back up your identity' })).toBeVisible(patience)
    await this.button('Home').click()
  }

  // ── knowing others ──

  /** Has a name and a device, as somebody who was in a call before; and opens the contacts. */
  async toContacts(): Promise<void> {
    await this.newRoom()
    await this.leave()
    await this.goHome()
    await this.button('Contacts').click()
    await expect(this.page.getByRole('heading', { name: 'Contacts' })).toBeVisible(patience)
  }

  /** The own contact link, as it is copied to be sent. */
  async contactLink(): Promise<string> {
    await this.button('My card').first().click()
    await this.button('Copy link').click()
    await expect.poll(() => this.page.evaluate(() => window.pigeonProbe.copied), patience).toContain('#/c/')
    const link = await this.page.evaluate(() => window.pigeonProbe.copied)
    await this.page.keyboard.press('Escape')
    return link
  }

  /** Adds somebody by their contact link, on the page of contacts. */
  async addContact(card: string, name: string): Promise<void> {
    await this.button('Add contact').first().click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('Contact link').fill(card)
    await dialog.getByRole('button', { name: 'Next' }).click()
    await dialog.getByRole('button', { name: 'Add contact' }).click()
    await expect(this.page.getByText(`${name} is a contact now.`).first()).toBeVisible(patience)
    await this.page.keyboard.press('Escape')
    await expect(this.button(`Call ${name}`)).toBeVisible(patience)
  }

  // ── conversations ──

  /** Opens the conversation with a contact, from the page of contacts. */
  async writesTo(name: string): Promise<void> {
    await this.button(`Write to ${name}`).click()
    await expect(this.letters(name)).toBeVisible(patience)
  }

  /** The messages with somebody. */
  letters(name: string): Locator {
    return this.page.getByRole('log', { name: `Messages with ${name}` })
  }

  async sendsLetter(text: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Message', exact: true })
    await field.fill(text)
    await field.press('Enter')
    await expect(field).toHaveValue('')
  }

  /** Sends files by the button, as a message of their own. Resolves when they are on their way. */
  async sendsFiles(...files: readonly { readonly name: string; readonly type: string; readonly bytes: Uint8Array }[]) {
    const chosen = this.page.waitForEvent('filechooser')
    await this.button('Attach files').click()
    await (
      await chosen
    ).setFiles(files.map(({ name, type, bytes }) => ({ name, mimeType: type, buffer: Buffer.from(bytes) })))
    await this.button('Send').click()
    await expect(this.page.getByText('Goes with your message')).toHaveCount(0)
  }

  /** Saves the file of a message. @returns what the browser has written, and under which name. */
  async savesFile(name: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const download = this.page.waitForEvent('download', patience)
    await this.button(`Save ${name}`).click(patience)
    const saved = await download
    return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) }
  }

  // ── seeing and hearing ──

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  tile(name: string): Locator {
    return this.page.getByRole('group', { name, exact: true })
  }

  async tileMedia(name: string): Promise<TileMedia> {
    return this.tile(name).evaluate((tile) => window.pigeonProbe.tileMedia(tile))
  }

  async framesDecoded(name: string): Promise<number> {
    return (await this.tileMedia(name)).framesDecoded
  }

  /** Frames of this participant go on being decoded. */
  async sees(name: string): Promise<void> {
    await expect(this.tile(name)).toBeVisible(patience)
    await this.#grows(`${this.name} sees ${name}`, () => this.framesDecoded(name), 5)
  }

  /** Sound of this participant goes on arriving and is played. */
  async hears(name: string): Promise<void> {
    await this.#grows(`${this.name} hears ${name}`, async () => (await this.tileMedia(name)).audioEnergy, 0)
  }

  async seesNobodyBut(...names: string[]): Promise<void> {
    await expect.poll(() => this.tileNames(), patience).toEqual([this.name, ...names].sort())
  }

  /** Names of everyone who has a tile, this person included. */
  async tileNames(): Promise<string[]> {
    const tiles = this.page.getByRole('region', { name: 'People in the call' }).getByRole('group')
    const names = await tiles.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label')))
    return names.filter((name) => name !== null).sort()
  }

  async #grows(what: string, measure: () => Promise<number>, by: number): Promise<void> {
    const before = await measure()
    await expect.poll(measure, { message: what, ...patience }).toBeGreaterThan(before + by)
  }

  /** The words of the seven emoji that everybody in the room should see. */
  async roomCode(): Promise<string[]> {
    const panel = this.page.getByRole('complementary', { name: 'Is anybody in between?' })
    if (!(await panel.isVisible())) await this.button('Compare with others').click(patience)
    return panel
      .getByRole('listitem')
      .filter({ has: this.page.locator('span[aria-hidden]') })
      .allInnerTexts()
  }

  // ── deciding ──

  async openPeople(): Promise<void> {
    const panel = this.page.getByRole('complementary', { name: 'People here' })
    if (!(await panel.isVisible()))
      await this.page
        .getByRole('button', { name: /^Participants/ })
        .first()
        .click()
    await expect(panel).toBeVisible()
  }

  /** Chooses from the menu of somebody in the people panel. */
  async manage(name: string, action: string): Promise<void> {
    await this.openPeople()
    await this.button(`Manage ${name}`).click()
    await this.page.getByRole('menuitem', { name: action }).click()
  }

  async removes(name: string): Promise<void> {
    await this.manage(name, 'Remove from the room')
    await this.button('Remove').click()
  }

  /** Says who may come in. */
  async letsIn(who: 'Anyone with the link' | 'Ask to come in' | 'Nobody'): Promise<void> {
    await this.openPeople()
    const choice = this.page.getByRole('radio', { name: who })
    if (!(await choice.isVisible())) await this.page.getByRole('button', { name: /^Room settings/ }).click()
    // The choice shows once the decision is signed, which takes a moment.
    await choice.click()
    await expect(choice).toBeChecked()
  }

  /** Opens the panel that tells what others can learn, and by which roads people are found. */
  async openPrivacy(): Promise<void> {
    const panel = this.page.getByRole('heading', { name: 'Roads to this room' })
    if (!(await panel.isVisible())) await this.page.getByRole('button', { name: /^Privacy: / }).click()
    await expect(panel).toBeVisible(patience)
  }

  // ── writing ──

  async openChat(): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Message' })
    if (!(await field.isVisible())) await this.page.getByRole('button', { name: /^Chat/ }).first().click()
    await expect(field).toBeVisible()
  }

  /** Writes to everyone; resolves when the page says that everyone has it. */
  async say(text: string): Promise<void> {
    await this.write(text)
    await expect(this.delivery(text)).toHaveText('Delivered', patience)
  }

  /** Writes and does not wait for anyone. */
  async write(text: string): Promise<void> {
    await this.openChat()
    const field = this.page.getByRole('textbox', { name: 'Message' })
    await field.fill(text)
    await field.press('Enter')
    await expect(this.message(text)).toBeVisible()
  }

  async reads(text: string): Promise<void> {
    await this.openChat()
    await expect(this.message(text)).toBeVisible(patience)
  }

  message(text: string): Locator {
    return this.page.getByRole('log', { name: 'Conversation' }).getByText(text, { exact: true })
  }

  /** What the page says of how far an own message has come. */
  delivery(text: string): Locator {
    return this.message(text).locator('xpath=following-sibling::p')
  }

  /** Ends this person's browser, and takes with it what its page noticed last. */
  async close(): Promise<void> {
    const violations = await this.page.evaluate(() => window.pigeonProbe.violations).catch(() => [])
    for (const violation of violations) this.faults.add(`policy violated: ${violation}`)

    await this.page.context().close()
  }
}
