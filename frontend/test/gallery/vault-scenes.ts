import { deviceIdentity, wordsOf } from '@p2pigeon/core/people'
import type { VaultControls } from '../../src/session/vault/controls/index.ts'
import type { Session } from '../../src/session/index.ts'
import { fakeCode } from '../../src/session/testing/index.ts'
import { writeDeviceCode } from '../../src/session/vault/controls/device-codes.ts'
import type { Scene } from './scene.ts'

const passphrase = 'three grey pigeons'
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The last of its kind, as a dialog stands after the page. */
async function find(selector: string, words?: string): Promise<HTMLElement | undefined> {
  for (let tries = 0; tries < 80; tries++) {
    const all = [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => !one.matches(':disabled'))
    const exact = all.findLast((one) => words === undefined || one.textContent.trim() === words)
    const found = exact ?? all.findLast((one) => one.textContent.startsWith(words ?? '') && tries > 10)
    if (found) return found
    await later(50)
  }
  return undefined
}

async function press(words: string): Promise<void> {
  ;(await find(`button:not([aria-label])`, words))?.click()
  await later(120)
}

/** Types as a person would, so that React hears of it. */
async function type(label: string, value: string): Promise<void> {
  const named = await find('label', label)
  const field = named && document.getElementById(named.getAttribute('for') ?? '')
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await later(60)
}

async function scrollTo(heading: string): Promise<void> {
  ;(await find('h2', heading))?.scrollIntoView({ block: 'start' })
  await later(100)
}

async function deviceCodeOf(name: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(name.length), 'HKDF', false, ['deriveBits'])
  return writeDeviceCode(await deviceIdentity(key), name)
}

async function addDevice(controls: VaultControls, name: string): Promise<void> {
  await controls.devices.add(
    await controls.devices.read(await deviceCodeOf(name)),
    Date.now() - name.length * 86_400_000,
  )
}

const visited: NonNullable<Scene['visit']> = async (session) => {
  await session.keeper.known
}

const locked: NonNullable<Scene['visit']> = async (_session, { protection }) => {
  await protection.setPassphrase(passphrase, undefined)
}

const lockedBothWays: NonNullable<Scene['visit']> = async (_session, { protection }) => {
  await protection.setPassphrase(passphrase, undefined)
  await protection.addPasskey({ kind: 'passphrase', passphrase })
}

/** The page before counts as a visit of its own. */
const firstVisit = async (session: Session): Promise<void> => {
  await session.opened
  session.care.change({ visits: 1 })
  await later(500)
}

const unlock = async (session: Session): Promise<void> => {
  await type('Passphrase', passphrase)
  await press('Unlock')
  await session.opened
  await later(300)
}

function settings(play?: Scene['play'], visit = visited): Scene {
  return { fragment: '#/settings', rooms: 3, visit, play: play ?? (() => later(600)) }
}

/** Settings of a profile that is protected, opened as its owner would. */
function protectedSettings(visit: NonNullable<Scene['visit']>, play?: () => Promise<void>): Scene {
  return {
    fragment: '#/settings',
    rooms: 3,
    visit,
    play: async (session) => {
      await unlock(session)
      await play?.()
    },
  }
}

export const vaultScenes: Readonly<Record<string, Scene>> = {
  'dashboard-first': { fragment: '#/', node: 'public', visit: async () => undefined, play: firstVisit },
  'dashboard-backup': {
    fragment: '#/',
    node: 'public',
    rooms: 4,
    visit: visited,
    play: async (session) => {
      await session.keeper.known
      await later(300)
    },
  },
  'ended-backup': {
    fragment: `#/r/${fakeCode('q3Rk9vS2mXw')}`,
    visit: visited,
    play: async (session) => {
      await session.keeper.known
      await session.join('q3Rk9vS2mXw')
      await session.call.leave()
      await later(500)
    },
  },
  'lock-passphrase': { fragment: '#/', visit: locked, play: () => later(400) },
  'lock-both': { fragment: `#/r/${fakeCode('q3Rk9vS2mXw')}`, visit: lockedBothWays, play: () => later(400) },
  'lock-passkey': {
    fragment: '#/',
    visit: async (_session, { protection }) => {
      await protection.setPassphrase(passphrase, undefined)
      await protection.addPasskey({ kind: 'passphrase', passphrase })
      await protection.removePassphrase({ kind: 'passphrase', passphrase })
    },
    play: () => later(400),
  },
  'lock-wrong': {
    fragment: '#/',
    visit: lockedBothWays,
    play: async () => {
      await type('Passphrase', 'a wrong one')
      await press('Unlock')
      await later(300)
    },
  },
  'lock-broken': {
    fragment: '#/',
    visit: async (session) => {
      await session.keeper.known
      const key = await session.keeper.deviceKey()
      const header = await session.keeper.header()
      if (key) await session.keeper.replaceHeader(header, undefined)
    },
    play: () => later(400),
  },
  'lock-forgotten': {
    fragment: '#/',
    visit: locked,
    play: () => press('Forgot your passphrase?'),
  },
  'lock-words-wrong': {
    fragment: '#/',
    visit: locked,
    play: async () => {
      await press('Forgot your passphrase?')
      await press('I have my 24 words')
      await type('Your 24 words', wordsOf(new Uint8Array(32).fill(8)).with(6, 'pidgeon').join(' '))
      await press('Continue')
      await later(300)
    },
  },
  'lock-renew': {
    fragment: '#/',
    visit: locked,
    play: async () => {
      await press('Forgot your passphrase?')
      await press('I have my 24 words')
      await type('Your 24 words', wordsOf(new Uint8Array(32).fill(8)).join(' '))
      await press('Continue')
      await later(300)
    },
  },
  'lock-start-over': {
    fragment: '#/',
    visit: locked,
    play: async () => {
      await press('Forgot your passphrase?')
      await press('Start over with a new identity')
    },
  },
  settings: settings(),
  'settings-unavailable': { fragment: '#/settings', rooms: 2 },
  'settings-protected': protectedSettings(async (session, controls) => {
    await session.keeper.known
    await addDevice(controls, 'Pixel')
    await addDevice(controls, 'The tablet in the kitchen')
    session.care.backedUp()
    await lockedBothWays(session, controls)
  }),
  'settings-devices': settings(
    () => scrollTo('Devices'),
    async (session, controls) => {
      await session.keeper.known
      await addDevice(controls, 'Pixel')
      await addDevice(controls, 'The tablet in the kitchen')
    },
  ),
  'settings-linked': settings(
    () => scrollTo('Backup'),
    async (session, { devices }) => {
      await session.keeper.known
      const own = await devices.code()
      const seed = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(3), 'HKDF', false, ['deriveBits'])
      const { personalIdentity, signRecord } = await import('@p2pigeon/core/people')
      const { writeAnswerCode, readDeviceCode } = await import('../../src/session/vault/controls/device-codes.ts')
      const device = await deviceIdentity(seed)
      const entries = [
        { ...device, name: 'Laptop', addedAtMs: Date.now() - 9e8 },
        { ...(await readDeviceCode(own.code)), addedAtMs: Date.now() },
      ]
      const record = await signRecord(await personalIdentity(seed), {
        devices: entries,
        seq: 7,
        notBeforeMs: 0,
        notAfterMs: 4e12,
      })
      await devices.link(await writeAnswerCode(record.bytes, 'Ada Lovelace'))
    },
  ),
  'settings-set-passphrase': settings(async () => {
    await press('Set passphrase')
    await type('New passphrase', passphrase)
    await type('The same again', 'three grey pigeon')
    ;(await find('dialog button[type="submit"]'))?.click()
    await later(200)
  }),
  'settings-change-passphrase': protectedSettings(lockedBothWays, () => press('Change passphrase')),
  'settings-remove-passkey': protectedSettings(lockedBothWays, async () => {
    await later(500)
    ;(await find('button[aria-label^="Remove Passkey"]'))?.click()
    await later(200)
  }),
  'backup-words-covered': settings(() => press('Write down 24 words')),
  'backup-words': settings(async () => {
    await press('Write down 24 words')
    await press('Show the words')
    await later(300)
  }),
  'backup-words-check': settings(async () => {
    await press('Write down 24 words')
    await press('Show the words')
    await later(300)
    await press('I have written them down')
    await press('Check')
    await later(200)
  }),
  'backup-file': settings(async () => {
    await press('Save a backup file')
    await type('New passphrase', 'three grey pigeons above the harbour')
  }),
  'restore-choose': settings(() => press('Restore a backup')),
  'restore-file': settings(async () => {
    await press('Restore a backup')
    await press('From a backup file')
    await press('Continue')
    await later(200)
  }),
  'restore-replaces': settings(async () => {
    await press('Restore a backup')
    await press('From 24 words')
    await type('Your 24 words', wordsOf(new Uint8Array(32).fill(8)).join(' '))
    await press('Continue')
    await later(300)
  }),
  'device-add': settings(async () => {
    await scrollTo('Devices')
    await press('Add a device')
    await type('Code of the new device', 'pigeon-device.notreallyacode')
    await press('Continue')
    await later(200)
  }),
  'device-compare': settings(async () => {
    await press('Add a device')
    await type('Code of the new device', await deviceCodeOf('Pixel'))
    await press('Continue')
    await later(300)
  }),
  'device-answer': settings(async () => {
    await press('Add a device')
    await type('Code of the new device', await deviceCodeOf('Pixel'))
    await press('Continue')
    await later(300)
    await press('They match: add it')
    await later(600)
  }),
  'device-link': {
    fragment: '#/',
    node: 'public',
    visit: async () => undefined,
    play: async (session) => {
      await firstVisit(session)
      await press('Link this device')
      await later(900)
    },
  },
  'device-remove': settings(
    async () => {
      ;(await find('button[aria-label^="Remove "]'))?.click()
      await later(200)
    },
    async (session, controls) => {
      await session.keeper.known
      await addDevice(controls, 'Pixel')
    },
  ),
}
