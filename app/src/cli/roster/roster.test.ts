import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importSeed } from '@p2pigeon/core'
import { deviceIdentity, encodeCard, personalIdentity, readRoster, signRecord } from '@p2pigeon/core/people'
import { FakeClock } from '@p2pigeon/core/testing'
import { parseRosterCommand, performRoster, type RosterCommand, type RosterOptions } from './index.ts'

const dayMs = 24 * 60 * 60 * 1000
const clock = new FakeClock(Date.UTC(2026, 10, 28))
const noOptions = { key: undefined, name: undefined, days: undefined, revoke: [] }

/** Somebody's id and contact link. */
async function person(number: number, name: string, notAfterMs = clock.now() + 365 * dayMs) {
  const [identity, { publicKey, noisePublicKey }] = await Promise.all([
    personalIdentity(await importSeed(new Uint8Array(32).fill(number))),
    deviceIdentity(await importSeed(new Uint8Array(32).fill(100 + number))),
  ])
  const devices = [{ publicKey, noisePublicKey, name: 'Laptop', addedAtMs: 0 }]
  const record = await signRecord(identity, { devices, seq: 1, notBeforeMs: 0, notAfterMs })
  return { id: identity.id, link: `https://pigeon.example.org/#/c/${await encodeCard({ name, record })}` }
}

const [ada, bob, cy] = await Promise.all([person(1, 'Ada'), person(2, 'Bob'), person(3, 'Cy')])

let folder = ''
let keys = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pigeon-roster-'))
})

async function perform(command: RosterCommand): Promise<readonly string[]> {
  const lines: string[] = []
  const random = { bytes: (length: number) => new Uint8Array(length).fill(++keys) }
  await performRoster(command, { folder, clock, random, out: (line) => lines.push(line) })
  return lines
}

function sign(members: string, more: Partial<Extract<RosterCommand, { kind: 'sign' }>> = {}) {
  writeFileSync(join(folder, 'members.txt'), members)
  const files = { keyFile: 'org.key', membersFile: 'members.txt', out: 'acme.roster' }
  return perform({ kind: 'sign', organisation: 'Acme', days: 90, revoke: [], ...files, ...more })
}

const signed = async () => readRoster(new Uint8Array(readFileSync(join(folder, 'acme.roster'))))

describe('pigeon roster key', () => {
  it('makes a key that only its owner can read, and shows the fingerprint', async () => {
    const lines = await perform({ kind: 'key', file: 'org.key' })
    expect(lines[0]).toMatch(/^Fingerprint: ([0-9a-f]{4} ){7}[0-9a-f]{4}$/)
    expect(lines.join()).not.toContain(readFileSync(join(folder, 'org.key'), 'utf8').trim().split(':')[2])
    if (process.platform !== 'win32') expect(statSync(join(folder, 'org.key')).mode & 0o777).toBe(0o600)
  })

  it('never overwrites one, nor anything else', async () => {
    await perform({ kind: 'key', file: 'org.key' })
    const before = readFileSync(join(folder, 'org.key'))
    await expect(perform({ kind: 'key', file: 'org.key' })).rejects.toThrow('exists already')
    expect(readFileSync(join(folder, 'org.key'))).toEqual(before)
    await expect(perform({ kind: 'key', file: 'missing/org.key' })).rejects.toThrow('cannot be written')
  })
})

describe('pigeon roster sign', () => {
  beforeEach(async () => {
    await perform({ kind: 'key', file: 'org.key' })
  })

  it('signs who is listed, under the name in the file or the one in the link', async () => {
    const lines = await sign(
      `# our people\n${ada.link} Ada Lovelace\r\n\n  ${bob.link}\n#${cy.link.split('#')[1] ?? ''}\n`,
    )
    expect(lines[0]).toBe('Roster 1 of Acme: 3 people, 0 revoked keys, until 2027-02-26.')
    const roster = await signed()
    expect(roster.members.map(({ name }) => name).sort()).toEqual(['Ada Lovelace', 'Bob', 'Cy'])
    expect(roster.members.every(({ record }) => record !== undefined)).toBe(true)
    expect(roster).toMatchObject({ organisation: 'Acme', seq: 1, issuedAtMs: clock.now(), revoked: [] })
    expect(readdirSync(folder).sort()).toEqual(['acme.roster', 'members.txt', 'org.key'])
  })

  it('goes on from the former one: the next number, and what was revoked stays so', async () => {
    await sign(`${ada.link}\n${bob.link}`)
    await sign(bob.link, { revoke: [ada.id] })
    expect(await signed()).toMatchObject({ seq: 2, revoked: [{ atMs: clock.now() }] })
    clock.advance(1_000)
    await sign(bob.link, { revoke: [cy.link, ada.id] })
    const { seq, revoked } = await signed()
    expect(seq).toBe(3)
    expect(revoked.map(({ atMs }) => atMs).sort()).toEqual([clock.now() - 1_000, clock.now()])
    const shown = await perform({ kind: 'show', file: 'acme.roster' })
    expect(shown.join('\n')).toContain(`  ${ada.id}  since 2026-11-28`)
  })

  it.each([
    ['a revoked person who is listed', () => sign(ada.link, { revoke: [ada.id] }), 'whose key is revoked'],
    ['no people', () => sign('# nobody\n'), 'names nobody'],
    [
      'a person twice',
      () => sign(`${ada.link}\n\n${ada.link} Other`),
      'Line 3 of the members file: the same person is on line 1.',
    ],
    ['no link', () => sign(`${ada.link}\nSECRET SECRET`), 'Line 2 of the members file: the contact link is'],
    ['an address', () => sign('https://SECRET.example.org/'), 'Line 1 of the members file: there is no contact link'],
    ['half a link', () => sign(ada.link.slice(0, 200)), 'cut short'],
    ['a damaged link', () => sign(`${ada.link.slice(0, -3)}SEC`), 'is damaged'],
    ['a name that cannot be seen', () => sign(`${ada.link} A\u202eda`), 'visible characters'],
    ['text in another encoding', () => sign('', { membersFile: 'org.bin' }), 'not text in UTF-8'],
    ['no members file', () => sign('', { membersFile: 'none' }), 'does not exist'],
    ['a folder as members file', () => sign('', { membersFile: '.' }), 'cannot be read'],
    ['no key file', () => sign(ada.link, { keyFile: 'none' }), 'pigeon roster key makes one'],
    ['another file as key', () => sign(ada.link, { keyFile: 'other.key' }), 'another kind of file'],
    ['another file to write', () => sign(ada.link, { out: 'members.txt' }), 'That file is no roster.'],
    ['a place that cannot be written', () => sign(ada.link, { out: 'missing/acme.roster' }), 'cannot be written'],
    [
      'something to revoke that is nobody',
      () => sign(ada.link, { revoke: ['SECRET'] }),
      'must be an id or a contact link',
    ],
  ])('tells %s in plain words, writes nothing and quotes nothing', async (_, attempt, words) => {
    writeFileSync(join(folder, 'org.bin'), Uint8Array.of(0xff, 0xfe))
    writeFileSync(join(folder, 'other.key'), 'SECRET', { mode: 0o600 })
    await expect(attempt()).rejects.toThrow(words)
    await expect(attempt()).rejects.not.toThrow('SECRET')
    expect(existsSync(join(folder, 'acme.roster'))).toBe(false)
    expect(readFileSync(join(folder, 'members.txt'), 'utf8')).not.toContain('PGNr')
  })

  it('tells a link that has run out', async () => {
    const old = await person(9, 'Old', clock.now() - 2 * dayMs)
    await expect(sign(old.link)).rejects.toThrow('Line 1 of the members file: the contact link has run out')
  })

  it('does not continue the roster of another key, nor one that was changed', async () => {
    await sign(ada.link)
    await perform({ kind: 'key', file: 'second.key' })
    await expect(sign(ada.link, { keyFile: 'second.key' })).rejects.toThrow('a roster of another key')
    const bytes = readFileSync(join(folder, 'acme.roster'))
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(join(folder, 'acme.roster'), bytes)
    await expect(sign(ada.link)).rejects.toMatchObject({ code: 'bad-roster-file' })
  })

  it.skipIf(process.platform === 'win32')('does not use a key that others can read', async () => {
    chmodSync(join(folder, 'org.key'), 0o644)
    await expect(sign(ada.link)).rejects.toThrow('can be read by others')
  })
})

describe('pigeon roster show', () => {
  it('prints what is in it, safe for any terminal', async () => {
    await perform({ kind: 'key', file: 'org.key' })
    await sign(`${ada.link} Ada <b>`)
    const lines = await perform({ kind: 'show', file: 'acme.roster' })
    expect(lines).toEqual([
      'Organisation: Acme',
      expect.stringMatching(/^Fingerprint: /),
      'Roster 1, from 2026-11-28 until 2027-02-26',
      '',
      '1 person:',
      `  ${ada.id}  Ada <b> (1 device)`,
    ])
    clock.advance(92 * dayMs)
    expect((await perform({ kind: 'show', file: 'acme.roster' })).join('\n')).toContain('run out')
    clock.advance(-92 * dayMs)
  })

  it('tells a file that is missing, and one that is no roster', async () => {
    await expect(perform({ kind: 'show', file: 'none' })).rejects.toThrow('There is no such file.')
    writeFileSync(join(folder, 'x'), 'SECRET')
    await expect(perform({ kind: 'show', file: 'x' })).rejects.toThrow('That file is no roster.')
  })
})

describe('the words after pigeon roster', () => {
  it.each([
    [['key', 'org.key'], {}, { kind: 'key', file: 'org.key' }],
    [['show', 'x'], {}, { kind: 'show', file: 'x' }],
    [
      ['sign', 'members', 'out'],
      { key: 'org.key', name: 'Acme', days: '7', revoke: ['a', 'b'] },
      {
        kind: 'sign',
        keyFile: 'org.key',
        organisation: 'Acme',
        days: 7,
        revoke: ['a', 'b'],
        membersFile: 'members',
        out: 'out',
      },
    ],
    [
      ['sign', 'members', 'out'],
      { key: 'org.key', name: 'Acme' },
      {
        kind: 'sign',
        keyFile: 'org.key',
        organisation: 'Acme',
        days: 90,
        revoke: [],
        membersFile: 'members',
        out: 'out',
      },
    ],
  ])('%j', (words, options, command) => {
    expect(parseRosterCommand(words, { ...noOptions, ...options })).toEqual(command)
  })

  it.each<readonly [readonly string[], Partial<RosterOptions>]>([
    [[], {}],
    [['SECRET'], {}],
    [['key'], {}],
    [['key', 'a', 'SECRET'], {}],
    [['show', 'a'], { days: '3' }],
    [['key', 'a'], { revoke: ['SECRET'] }],
    [['sign', 'a', 'b'], { name: 'Acme' }],
    [['sign', 'a', 'b'], { key: 'k' }],
    [['sign', 'a'], { key: 'k', name: 'Acme' }],
    [['sign', 'a', 'b', 'SECRET'], { key: 'k', name: 'Acme' }],
    ...['0', '3661', 'SECRET', '-1', '1.5', ''].map(
      (days) => [['sign', 'a', 'b'], { key: 'k', name: 'Acme', days }] as const,
    ),
  ])('%j %j is told without echoing a word', (words, options) => {
    const parse = () => parseRosterCommand(words, { ...noOptions, ...options })
    expect(parse).toThrow(/See: pigeon help$/)
    expect(parse).not.toThrow(/SECRET/)
  })
})
