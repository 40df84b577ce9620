import { importSeed } from '@p2pigeon/core'
import {
  deviceIdentity,
  organisationSigner,
  personalIdentity,
  signRecord,
  signRoster,
  type ContactCard,
  type IdentityRecord,
  type OutgoingState,
} from '@p2pigeon/core/people'
import type { People, Session } from '../../src/session/index.ts'
import { FakeIncomingCall, FakeRinger } from '../../src/session/testing/index.ts'
import type { Scene } from './scene.ts'

const dayMs = 86_400_000
const now = Date.now()
const names = ['Grace Hopper', 'Katherine Johnson', 'Margaret Hamilton', 'Barbara Liskov', 'Radia Perlman', 'Linus']

/** A person by number, with devices by name. */
async function record(who: number, devices: readonly string[] = ['Laptop'], seq = 1): Promise<IdentityRecord> {
  const identity = await personalIdentity(await importSeed(new Uint8Array(32).fill(who)))
  const entries = await Promise.all(
    devices.map(async (name, index) => {
      const seed = new Uint8Array(32).fill(who)
      seed.set(new TextEncoder().encode(name), 0)
      const { publicKey, noisePublicKey } = await deviceIdentity(await importSeed(seed))
      return { publicKey, noisePublicKey, name, addedAtMs: now - (2 - index) * 3 * dayMs }
    }),
  )
  return signRecord(identity, { devices: entries, seq, notBeforeMs: now - dayMs, notAfterMs: now + 300 * dayMs })
}

const card = async (who: number): Promise<ContactCard> => ({
  name: names[who - 1] ?? 'Somebody',
  record: await record(who),
})

/** Six contacts, one in each state. */
async function fill(people: People, count = 6): Promise<void> {
  for (let who = 1; who <= count; who++) await people.contacts.add(await card(who), who === 3 ? 'scanned' : 'link')
  const idOf = async (who: number) => (await record(who)).id
  if (count >= 2) await people.contacts.verify(await idOf(2), await people.contacts.safetyNumber(await idOf(2)))
  if (count >= 5) await people.contacts.block(await idOf(5), true)
}

async function changeKeys(people: People, who = 1): Promise<void> {
  const next = await record(who, ['New phone', 'Tablet'], 2)
  const link = await linkFor({ name: names[who - 1] ?? '', record: next })
  await people.contacts.readCard(link)
}

async function linkFor(of: ContactCard): Promise<string> {
  const { encodeCard } = await import('@p2pigeon/core/people')
  return `https://node.example/#/c/${await encodeCard(of)}`
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Opens the menu of a contact, once it is there to be opened. */
async function openMenu(name: string): Promise<void> {
  const find = () => document.querySelector(`[aria-label="More about ${name}"][aria-haspopup="menu"]`)
  for (let tries = 0; tries < 80 && !find(); tries++) await later(50)
  find()?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, ctrlKey: false }))
  await later(200)
}

/** A button or item, by its words or name. */
async function press(words: string): Promise<void> {
  const find = () =>
    [...document.querySelectorAll<HTMLElement>('button, [role="menuitem"], [role="tab"], summary')].find(
      (one) => one.getAttribute('aria-label') === words || one.textContent.trim() === words,
    )
  for (let tries = 0; tries < 60 && !find(); tries++) await later(50)
  const found = find()
  found?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, ctrlKey: false }))
  found?.click()
  await later(150)
}

async function type(kind: 'text' | 'search' | 'password', text: string): Promise<void> {
  const find = () =>
    document.querySelector<HTMLInputElement>(`${kind === 'search' ? '' : 'dialog '}input[type="${kind}"]`)
  for (let tries = 0; tries < 60 && !find(); tries++) await later(50)
  const field = find()
  if (!field) return
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

async function give(file: Uint8Array<ArrayBuffer>): Promise<void> {
  const find = () => document.querySelector<HTMLInputElement>('dialog input[type="file"]')
  for (let tries = 0; tries < 60 && !find(); tries++) await later(50)
  const field = find()
  const transfer = new DataTransfer()
  transfer.items.add(new File([file], 'file'))
  if (field) field.files = transfer.files
  field?.dispatchEvent(new Event('change', { bubbles: true }))
  await later(400)
}

function scene(play: (people: People, session: Session) => Promise<void> | void, fragment = '#/contacts'): Scene {
  return {
    fragment,
    play: async (session) => {
      await play(await session.people.load(), session)
      await later(300)
    },
  }
}

const roster = async (seq: number, revoked: readonly number[] = []) => {
  const members = await Promise.all(
    [1, 4, 7]
      .filter((who) => !revoked.includes(who))
      .map(async (who) => {
        const { publicKey } = await record(who)
        return {
          name: names[who - 1] ?? 'Dorothy Vaughan',
          publicKey,
          record: who === 7 ? undefined : await record(who),
        }
      }),
  )
  const gone = await Promise.all(revoked.map(async (who) => ({ publicKey: (await record(who)).publicKey, atMs: now })))
  return signRoster(await organisationSigner(new Uint8Array(32).fill(99)), {
    organisation: 'Institute of Computing',
    seq,
    issuedAtMs: now - dayMs,
    expiresAtMs: now + 200 * dayMs,
    members,
    revoked: gone,
  })
}

const ring =
  (part: Partial<{ video: boolean; name: string; who: number }> = {}) =>
  async (people: People) => {
    await fill(people)
    const call = new FakeIncomingCall(
      await record(part.who ?? 2),
      part.name ?? 'Katherine Johnson',
      part.video ?? false,
    )
    for (let tries = 0; tries < 40 && !FakeRinger.latest; tries++) await later(50)
    FakeRinger.latest?.emit('incoming', call)
    return call
  }

const rings = (part?: Parameters<typeof ring>[0]) => async (people: People) => {
  await ring(part)(people)
}

const calling = (state: OutgoingState, who = 2) =>
  scene(async (people) => {
    await fill(people)
    await people.call((await record(who)).id, who === 3)
    FakeRinger.latest?.made.at(-1)?.become(state)
  })

export const contactsScenes: Readonly<Record<string, Scene>> = {
  'contacts-empty': scene(() => undefined),
  'contacts-few': scene((people) => fill(people, 3)),
  contacts: scene((people) => fill(people)),
  'contacts-link-badge': scene(async (people) => {
    await fill(people)
    for (let tries = 0; tries < 40 && !FakeRinger.latest; tries++) await later(50)
    FakeRinger.latest?.emit('requested', { record: await record(30), name: 'Dorothy' })
  }, '#/'),
  'contacts-no-match': scene(async (people) => {
    await fill(people)
    await type('search', 'Zuse')
  }),
  'contacts-menu': scene(async (people) => {
    await fill(people)
    await openMenu('Katherine Johnson')
  }),
  'contacts-changed': scene(async (people) => {
    await fill(people)
    await changeKeys(people)
  }),
  'contacts-change': scene(async (people) => {
    await fill(people)
    await changeKeys(people, 2)
    await press('Look')
  }),
  'contacts-compare': scene(async (people) => {
    await fill(people)
    await openMenu('Katherine Johnson')
    await press('Compare safety number')
    await later(1_500)
  }),
  'contacts-compare-differs': scene(async (people) => {
    await fill(people)
    await openMenu('Katherine Johnson')
    await press('Compare safety number')
    await later(1_500)
    await press('They differ')
  }),
  'contacts-rename': scene(async (people) => {
    await fill(people)
    await openMenu('Grace Hopper')
    await press('Rename')
  }),
  'contacts-removed': scene(async (people) => {
    await fill(people)
    await openMenu('Grace Hopper')
    await press('Remove')
  }),
  'contacts-card': scene(async () => {
    await press('My card')
    await later(600)
  }),
  'contacts-add': scene(() => press('Add contact')),
  'contacts-add-bad': scene(async () => {
    await press('Add contact')
    await type('text', 'hello there')
    await press('Next')
  }),
  'contacts-add-scan': scene(async () => {
    await press('Add contact')
    await press('Scan with the camera')
    await later(800)
  }),
  'contacts-add-preview': {
    ...scene(() => later(600)),
    fragment: `#/c/waits`,
    play: async (session) => {
      await fill(await session.people.load(), 2)
      location.hash = new URL(await linkFor(await card(3))).hash
      await later(900)
    },
  },
  'contacts-add-added': {
    fragment: '#/',
    play: async (session) => {
      await session.people.load()
      location.hash = new URL(await linkFor(await card(3))).hash
      await later(600)
      await press('Add contact')
      await later(300)
      ;[...document.querySelectorAll<HTMLElement>('dialog button[type="submit"]')].at(-1)?.click()
      await later(400)
    },
  },
  'contacts-add-known': {
    fragment: '#/',
    play: async (session) => {
      await fill(await session.people.load(), 3)
      location.hash = new URL(await linkFor(await card(2))).hash
      await later(900)
    },
  },
  'contacts-requests': scene(async (people) => {
    await fill(people)
    for (let tries = 0; tries < 40 && !FakeRinger.latest; tries++) await later(50)
    for (const [index, name] of [
      'Dorothy Vaughan',
      'A caller with a remarkably long name that does not fit',
      '',
    ].entries()) {
      FakeRinger.latest?.emit('requested', { record: await record(30 + index), name })
    }
    const missed = new FakeIncomingCall(await record(2), 'K', true)
    FakeRinger.latest?.emit('incoming', missed)
    missed.become({ kind: 'cancelled', reason: 'withdrawn' })
    await later(400)
    await press('Requests')
    ;[...document.querySelectorAll<HTMLElement>('[role="tab"]')][1]?.click()
  }),
  'contacts-requests-empty': scene(() => press('Requests')),
  'contacts-settings': scene(async (people) => {
    const opened = await people.files.openRoster((await roster(1)).bytes)
    await opened.trust()
    await press('Calls and files')
  }),
  'contacts-roster-list': scene(async (people) => {
    const opened = await people.files.openRoster((await roster(1)).bytes)
    await opened.trust()
    await people.files.openRoster((await roster(2, [4])).bytes)
  }),
  'contacts-roster-ask': scene(async () => {
    await press('Calls and files')
    await press('Import a roster')
    await give((await roster(1)).bytes)
  }),
  'contacts-roster-bad': scene(async () => {
    await press('Calls and files')
    await press('Import a roster')
    await give(new Uint8Array([1, 2, 3]))
  }),
  'contacts-export': scene(async () => {
    await press('Calls and files')
    await press('Export contacts')
    await press('Save file')
  }),
  'contacts-import': scene(async (people) => {
    await fill(people)
    const file = await people.files.export('grey pigeons fly')
    await people.contacts.remove((await record(1)).id)
    await press('Calls and files')
    await press('Import contacts')
    await give(file)
    await type('password', 'grey pigeons fly')
    await press('Open')
    await later(500)
  }),
  'call-searching': calling({ kind: 'searching', heard: undefined }),
  'call-ringing': calling({ kind: 'ringing' }, 3),
  'call-declined': calling({ kind: 'declined' }),
  'call-noted': calling({ kind: 'noted' }),
  'call-unreachable': calling({ kind: 'unreachable' }),
  'call-failed': calling({ kind: 'failed' }),
  'call-changed': scene(async (people) => {
    await fill(people)
    await people.call((await record(2)).id, false)
    await changeKeys(people, 2)
  }),
  'call-incoming': scene(rings(), '#/'),
  'call-incoming-video': scene(rings({ video: true, name: 'K. Johnson' })),
  'call-incoming-two': scene(async (people) => {
    await ring()(people)
    FakeRinger.latest?.emit('incoming', new FakeIncomingCall(await record(3), 'Margaret'))
  }),
  'call-incoming-missed': scene(async (people) => {
    const call = await ring()(people)
    call.become({ kind: 'missed' })
  }),
  'call-accepted': scene(async (people) => {
    const call = await ring({ video: true })(people)
    call.linkCode = 'code-of-direct'
    await later(400)
    await press('Accept with video')
    await later(900)
  }, '#/'),
}
