import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../database.ts'
import { Preferences } from '../preferences.ts'
import { RecentRooms } from '../recent-rooms.ts'
import { fakeCore, FakeManager, FakePasskeys, fakeVaultPage } from '../testing/index.ts'
import { VaultControls } from './controls/index.ts'
import { BrowserKeeper, Care, slotNames, toBytes } from './index.ts'

const passphrase = 'three grey pigeons'
const link = 'the-secret-code-of-a-room'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

class Disk {
  readonly values = new Map<string, string>()

  getItem(key: string): string | null {
    return this.values.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.values.set(key, value)
  }

  removeItem(key: string): void {
    this.values.delete(key)
  }
}

/** One page over the storage of this profile. */
async function openPage({ name = 'p2pigeon', passkeys = new FakePasskeys(), disk = new Disk(), nowMs = 1e12 } = {}) {
  const core = fakeCore(new FakeManager())
  const database = openDatabase(name)
  const keeper = new BrowserKeeper({ core, database, deviceName: 'Chrome on Linux', now: () => nowMs })
  const care = new Care(keeper, () => nowMs)
  const rooms = new RecentRooms(keeper, () => nowMs)
  const preferences = new Preferences(disk, keeper)
  const vaultPage = fakeVaultPage({ passkeys })
  const controls = new VaultControls({ keeper, care, rooms, preferences, core, vaultPage })
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (keeper.state.get().kind === 'opening') return
      stop()
      resolve()
    }
    const stop = keeper.state.subscribe(look)
    look()
  })
  return { core, database, keeper, care, rooms, preferences, disk, controls, passkeys }
}

/** A page that has been used, of a profile that a passphrase protects. */
async function protectedPage() {
  const page = await openPage()
  await page.rooms.touch('a-room', link)
  await page.rooms.memoryOf('a-room').save(toBytes('what the log says'))
  page.preferences.change({ name: 'Ada Lovelace', theme: 'dark' })
  await page.keeper.known
  await page.keeper.write('contacts', toBytes(['Grace Hopper']))
  await page.controls.protection.setPassphrase(passphrase, undefined)
  return page
}

async function everythingStored(
  database: Promise<Database | undefined>,
): Promise<{ bytes: Uint8Array[]; keys: CryptoKey[] }> {
  const opened = await database
  const bytes: Uint8Array[] = []
  const keys: CryptoKey[] = []
  for (const store of [...(opened?.objectStoreNames ?? [])]) {
    for (const [name, value] of [
      ...((await opened?.getAllKeys(store)) ?? []).map((key) => ['key', key] as const),
      ...((await opened?.getAll(store)) ?? []).map((value) => ['value', value] as const),
    ]) {
      if (value instanceof CryptoKey) keys.push(value)
      else if (value instanceof Uint8Array) bytes.push(value)
      else bytes.push(new TextEncoder().encode(`${name}${JSON.stringify(value)}`))
    }
  }
  return { bytes, keys }
}

/** The ways in which bytes may lie in storage. */
function encodingsOf(secret: Uint8Array | string): readonly Buffer[] {
  const bytes = Buffer.from(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret)
  const utf16 = typeof secret === 'string' ? [Buffer.from(secret, 'utf16le')] : []
  const texts = [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')]
  const numbers = [[...bytes].join(), JSON.stringify([...bytes]).slice(1, -1)]
  return [bytes, ...utf16, ...[...texts, ...numbers].flatMap((one) => [Buffer.from(one), Buffer.from(one, 'utf16le')])]
}

test('I1: what is stored of a locked profile holds no seed, link, name or other plaintext, however encoded', async () => {
  const before = await openPage()
  const seeds = await Promise.all([before.keeper.read(slotNames.seed), before.keeper.read(slotNames.deviceSeed)])
  const page = await protectedPage()
  const { bytes, keys } = await everythingStored(page.database)
  const dump = Buffer.concat([...bytes, Buffer.from([...page.disk.values].join())])
  expect(keys).toEqual([])
  expect(dump.length).toBeGreaterThan(1_000)
  const record = page.keeper.record.get()
  const words = await page.controls.backup.words()
  const secrets = [
    ...seeds.map((seed) => seed ?? new Uint8Array()),
    ...[link, 'a-room', 'Ada', 'Lovelace', 'Grace', 'what the log says', passphrase, 'Chrome', 'https://'],
    ...[record?.bytes.slice(0, 24) ?? new Uint8Array(), record?.id ?? '', record?.devices[0]?.publicKey ?? ''],
    words.join(' '),
  ]
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(0)
    for (const encoding of encodingsOf(secret)) expect([secret, dump.includes(encoding)]).toEqual([secret, false])
  }
})

test('I1: a page that finds the vault locked has neither slots nor keys', async () => {
  await protectedPage()
  const { keeper, rooms, preferences } = await openPage()
  expect(keeper.state.get()).toEqual({ kind: 'locked', ways: ['passphrase'] })
  expect(rooms.list.get()).toEqual([])
  expect(preferences.value.get().name).toBe('')
  expect(() => keeper.device()).toThrow('not-known-yet')
  const first = await Promise.race([keeper.read('seed'), Promise.resolve('waits')])
  expect(first).toBe('waits')
})

test('I3: wrong passphrases all fail alike, open nothing, and the right one still opens', async () => {
  await protectedPage()
  const { keeper, rooms, preferences, controls } = await openPage()
  const faults: unknown[] = []
  for (const wrong of ['', 'x', passphrase.slice(1), `${passphrase} `, 'x'.repeat(10_000)]) {
    await controls.protection
      .unlock({ kind: 'passphrase', passphrase: wrong })
      .catch((error: unknown) => faults.push(`${String(error)} ${(error as { code: string }).code}`))
    expect(keeper.state.get().kind).toBe('locked')
  }
  expect(faults).toHaveLength(5)
  expect(new Set(faults).size).toBe(1)
  expect(faults[0]).toContain('vault-locked')
  await controls.protection.unlock({ kind: 'passphrase', passphrase })
  await Promise.all([rooms.loaded, preferences.loaded])
  expect(keeper.state.get()).toEqual({ kind: 'open', protection: 'protected' })
  expect(rooms.find('a-room')?.code).toBe(link)
  expect(preferences.value.get().name).toBe('Ada Lovelace')
})

test('I3: the wrap of another user’s vault, put into this one, opens nothing', async () => {
  await protectedPage()
  const other = await openPage({ name: 'other' })
  await other.controls.protection.setPassphrase('somebody else entirely', undefined)
  const stolen = await (await other.database)?.get('vault', 'header')
  const { core, database, keeper, controls } = await openPage()
  const own = await (await database)?.get('vault', 'header')
  if (!own || !stolen) throw new Error('no headers')
  const { vaultId } = core.vault.decodeHeader(own)
  const { wraps } = core.vault.decodeHeader(stolen)
  for (const header of [{ vaultId, wraps }, core.vault.decodeHeader(stolen)]) {
    await (await database)?.put('vault', core.vault.encodeHeader(header), 'header')
    const opened = controls.protection.unlock({ kind: 'passphrase', passphrase: 'somebody else entirely' })
    await expect(opened).rejects.toMatchObject({
      code: expect.stringMatching(/vault-locked|slot-not-genuine/) as string,
    })
    expect(keeper.state.get().kind).toBe('locked')
  }
})

test('I3: costs lowered in the storage are not even tried', async () => {
  const { database } = await protectedPage()
  const header = (await (await database)?.get('vault', 'header')) ?? new Uint8Array()
  const memory = Buffer.from(header).indexOf(Buffer.from([0, 1, 0, 0, 3, 1]))
  header[memory + 1] = 0
  await (await database)?.put('vault', header, 'header')
  expect((await openPage()).keeper.state.get()).toEqual({ kind: 'locked', ways: [] })
})

test('I4: no key of the page or of the storage can be exported', async () => {
  const { keeper, database } = await openPage()
  await keeper.known
  const { keys } = await everythingStored(database)
  const held = [await keeper.roomSeed, keeper.device().noiseStatic.privateKey, ...keys]
  expect(held).toHaveLength(3)
  for (const key of held) {
    expect(key.extractable).toBe(false)
    for (const format of ['raw', 'pkcs8', 'jwk'] as const)
      await expect(crypto.subtle.exportKey(format, key)).rejects.toThrow()
  }
})

test('a first run asks nothing, and two tabs that start together are one identity', async () => {
  const [one, other] = await Promise.all([openPage(), openPage()])
  expect(one.keeper.state.get()).toEqual({ kind: 'open', protection: 'device' })
  await Promise.all([one.keeper.known, other.keeper.known])
  expect(one.keeper.identity()?.id).toBe(other.keeper.identity()?.id)
  expect(one.keeper.device().publicKey).toEqual(other.keeper.device().publicKey)
  const record = one.keeper.record.get()
  expect(record?.devices.map((device) => device.name)).toEqual(['Chrome on Linux'])
  const again = await openPage()
  await again.keeper.known
  expect(again.keeper.record.get()?.id).toBe(record?.id)
})

test('rooms and name of version 1 are sealed and lost nowhere; its seed stays for its rooms until something is protected', async () => {
  const old = await openDB('p2pigeon', 1, {
    upgrade(database) {
      database.createObjectStore('keys')
      database.createObjectStore('rooms', { keyPath: 'roomId' })
    },
  })
  const seed = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(9), 'HKDF', false, ['deriveBits'])
  await old.put('keys', seed, 'seed')
  await old.put('rooms', { roomId: 'old-room', code: link, name: 'Board', lastUsedAtMs: 5 })
  old.close()
  const disk = new Disk()
  disk.setItem('p2pigeon.preferences', JSON.stringify({ name: 'Ada Lovelace', theme: 'dark' }))
  const page = await openPage({ disk })
  await Promise.all([page.rooms.loaded, page.preferences.loaded])
  expect(page.rooms.list.get()).toEqual([{ roomId: 'old-room', code: link, name: 'Board', lastUsedAtMs: 5 }])
  expect(page.preferences.value.get()).toMatchObject({ name: 'Ada Lovelace', theme: 'dark' })
  expect([...disk.values].join()).not.toContain('Ada')
  expect(await (await page.database)?.count('rooms')).toBe(0)
  const bits = async (key: CryptoKey) =>
    new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new Uint8Array() },
        key,
        256,
      ),
    )
  expect(await bits(await page.keeper.roomSeed)).toEqual(await bits(seed))
  await page.controls.protection.refresh()
  expect(page.controls.protection.view.get().oldSeed).toBe(true)
  await page.controls.protection.setPassphrase(passphrase, undefined)
  const locked = await openPage({ disk })
  await locked.controls.protection.unlock({ kind: 'passphrase', passphrase })
  await locked.rooms.loaded
  expect(locked.rooms.find('old-room')?.code).toBe(link)
  expect(await bits(await locked.keeper.roomSeed)).not.toEqual(await bits(seed))
})

test('a passphrase is changed only with the present one, and its removal leaves the device’s key', async () => {
  const { controls, keeper } = await protectedPage()
  const { protection } = controls
  const refused = protection.setPassphrase('another passphrase', { kind: 'passphrase', passphrase: 'wrong' })
  await expect(refused).rejects.toMatchObject({ code: 'vault-locked' })
  await expect(protection.setPassphrase('another passphrase', undefined)).rejects.toMatchObject({
    code: 'credential-needed',
  })
  await expect(protection.setPassphrase('short', { kind: 'passphrase', passphrase })).rejects.toMatchObject({
    code: 'passphrase-too-short',
  })
  await protection.setPassphrase('another passphrase', { kind: 'passphrase', passphrase })
  await expect(protection.removePassphrase({ kind: 'passphrase', passphrase })).rejects.toMatchObject({
    code: 'vault-locked',
  })
  await protection.removePassphrase({ kind: 'passphrase', passphrase: 'another passphrase' })
  expect(keeper.state.get()).toEqual({ kind: 'open', protection: 'device' })
  const again = await openPage()
  await again.rooms.loaded
  expect(again.rooms.find('a-room')?.code).toBe(link)
})

test('a passkey opens beside the passphrase and alone, and either can be taken away', async () => {
  const page = await protectedPage()
  await page.controls.protection.addPasskey({ kind: 'passphrase', passphrase })
  await page.controls.protection.removePassphrase({ kind: 'passphrase', passphrase })
  const locked = await openPage({ passkeys: page.passkeys })
  expect(locked.keeper.state.get()).toEqual({ kind: 'locked', ways: ['passkey'] })
  locked.passkeys.refuse = 'passkey-cancelled'
  await expect(locked.controls.protection.unlock({ kind: 'passkey' })).rejects.toMatchObject({
    code: 'passkey-cancelled',
  })
  locked.passkeys.refuse = undefined
  await locked.controls.protection.unlock({ kind: 'passkey' })
  await locked.care.loaded
  await locked.controls.protection.refresh()
  const [passkey] = locked.controls.protection.view.get().passkeys
  expect(passkey?.addedAtMs).toBeGreaterThan(0)
  await locked.controls.protection.removePasskey(passkey?.id ?? '', { kind: 'passkey' })
  expect((await openPage()).keeper.state.get()).toEqual({ kind: 'open', protection: 'device' })
})

test('a forgotten passphrase costs nothing to whoever has the words', async () => {
  const before = await protectedPage()
  const words = await before.controls.backup.words()
  const { controls, keeper, rooms } = await openPage()
  const read = await controls.backup.readWords(words.join(' '))
  if (read.kind !== 'seed') throw new Error(read.kind)
  expect(await controls.protection.unlockWithSeed(new Uint8Array(32).fill(3), 'a new passphrase')).toBe(false)
  expect(keeper.state.get().kind).toBe('locked')
  expect(await controls.protection.unlockWithSeed(read.seed, 'a new passphrase')).toBe(true)
  await rooms.loaded
  expect(rooms.find('a-room')?.code).toBe(link)
  const again = await openPage()
  await expect(again.controls.protection.unlock({ kind: 'passphrase', passphrase })).rejects.toMatchObject({
    code: 'vault-locked',
  })
  await again.controls.protection.unlock({ kind: 'passphrase', passphrase: 'a new passphrase' })
})

test('words bring the identity to another device, under a record that counts on', async () => {
  const laptop = await openPage()
  await laptop.keeper.known
  const read = await laptop.controls.backup.readWords((await laptop.controls.backup.words()).join('\n'))
  if (read.kind !== 'seed') throw new Error(read.kind)
  const phone = await openPage({ name: 'phone', nowMs: 1e12 + 60_000 })
  const found = { seed: read.seed, slots: new Map() }
  expect(await phone.controls.backup.compare(found)).toBe('replaces')
  await phone.controls.backup.restore(found)
  const again = await openPage({ name: 'phone', nowMs: 1e12 + 60_000 })
  await again.keeper.known
  expect(again.keeper.identity()?.id).toBe(laptop.keeper.identity()?.id)
  expect(again.keeper.device().publicKey).not.toEqual(laptop.keeper.device().publicKey)
  expect(again.keeper.record.get()?.seq).toBeGreaterThan(laptop.keeper.record.get()?.seq ?? Infinity)
})

test('a backup file brings rooms, memories, contacts, name and devices, and keeps the rooms that are here', async () => {
  const laptop = await protectedPage()
  const file = await laptop.controls.backup.file('a passphrase for the file')
  await expect(laptop.controls.backup.openFile(file, 'a wrong passphrase')).rejects.toMatchObject({
    code: 'backup-locked',
  })
  await expect(laptop.controls.backup.openFile(file.slice(5), 'x')).rejects.toMatchObject({ code: 'not-a-backup' })
  const phone = await openPage({ name: 'phone', nowMs: 1e12 + 60_000 })
  await phone.rooms.touch('of-the-phone', 'another-code')
  const found = await phone.controls.backup.openFile(file, 'a passphrase for the file')
  await phone.controls.backup.restore(found)
  const again = await openPage({ name: 'phone', nowMs: 1e12 + 60_000 })
  await Promise.all([again.rooms.loaded, again.preferences.loaded, again.keeper.known])
  expect(
    again.rooms.list
      .get()
      .map(({ roomId }) => roomId)
      .toSorted(),
  ).toEqual(['a-room', 'of-the-phone'])
  expect(await again.rooms.memoryOf('a-room').load()).toEqual(toBytes('what the log says'))
  expect(await again.keeper.read('contacts')).toEqual(toBytes(['Grace Hopper']))
  expect(again.preferences.value.get().name).toBe('Ada Lovelace')
  expect(again.keeper.record.get()?.devices).toHaveLength(2)
})

test('a device nobody can open any more starts over, with the backup or with nothing', async () => {
  const laptop = await protectedPage()
  const file = await laptop.controls.backup.file('a passphrase for the file')
  const id = laptop.keeper.identity()?.id
  const locked = await openPage()
  await locked.controls.backup.startOver(undefined)
  const fresh = await openPage()
  await fresh.keeper.known
  expect(fresh.keeper.identity()?.id).not.toBe(id)
  expect(fresh.rooms.list.get()).toEqual([])
  await fresh.controls.backup.startOver(await fresh.controls.backup.openFile(file, 'a passphrase for the file'))
  const restored = await openPage()
  await Promise.all([restored.keeper.known, restored.rooms.loaded])
  expect(restored.keeper.identity()?.id).toBe(id)
  expect(restored.rooms.find('a-room')?.code).toBe(link)
})

test('a device is linked by two codes, acts without the seed, and is revoked by a higher record', async () => {
  const laptop = await openPage()
  laptop.preferences.change({ name: 'Ada' })
  const phone = await openPage({ name: 'phone', nowMs: 1e12 + 5_000 })
  await laptop.keeper.known
  const shown = await phone.controls.devices.code()
  const candidate = await laptop.controls.devices.read(`  ${shown.code.slice(0, 40)}\n${shown.code.slice(40)} `)
  expect(candidate.digits).toBe(shown.digits)
  expect(candidate.digits).toMatch(/^\d{4} \d{4} \d{4}$/)
  await expect(laptop.controls.devices.read((await laptop.controls.devices.code()).code)).rejects.toMatchObject({
    code: 'device-is-this',
  })
  const answer = await laptop.controls.devices.add(candidate, 1)
  expect(await laptop.controls.devices.add(candidate, 2)).toBe(answer)
  await phone.controls.devices.link(answer)
  const linked = await openPage({ name: 'phone', nowMs: 1e12 + 9_000 })
  await Promise.all([linked.keeper.known, linked.preferences.loaded])
  expect(linked.keeper.identity()).toBeUndefined()
  expect(linked.keeper.record.get()?.id).toBe(laptop.keeper.identity()?.id)
  expect(linked.preferences.value.get().name).toBe('Ada')
  await expect(linked.controls.backup.words()).rejects.toMatchObject({ code: 'linked-device' })
  await expect(linked.keeper.signDevices([])).rejects.toMatchObject({ code: 'linked-device' })
  const before = laptop.keeper.record.get()
  const entry = before?.devices.find((one) => !laptop.controls.devices.isThisDevice(one))
  if (!before || !entry) throw new Error('not listed')
  await laptop.controls.devices.remove(entry)
  expect(laptop.keeper.record.get()?.devices).toHaveLength(1)
  expect(laptop.keeper.record.get()?.seq).toBeGreaterThan(before.seq)
})

test('codes of devices: another text, a slip, and an answer for somebody else', async () => {
  const laptop = await openPage()
  const phone = await openPage({ name: 'phone' })
  const tablet = await openPage({ name: 'tablet' })
  await laptop.keeper.known
  const { code } = await phone.controls.devices.code()
  const { devices } = laptop.controls
  const answer = await devices.add(await devices.read(code), 1)
  const slip = code.slice(0, -3) + (code.at(-3) === 'A' ? 'B' : 'A') + code.slice(-2)
  await expect(devices.read(answer)).rejects.toMatchObject({ code: 'device-code-missing' })
  await expect(devices.read('')).rejects.toMatchObject({ code: 'device-code-missing' })
  await expect(devices.read(slip)).rejects.toMatchObject({ code: 'device-code-damaged' })
  await expect(devices.read(`pigeon-device.${'A'.repeat(9_000)}`)).rejects.toMatchObject({
    code: 'device-code-damaged',
  })
  await expect(phone.controls.devices.link(code)).rejects.toMatchObject({ code: 'answer-code-missing' })
  await expect(tablet.controls.devices.link(answer)).rejects.toMatchObject({ code: 'answer-for-another' })
  await tablet.keeper.known
  expect(tablet.keeper.identity()).toBeDefined()
})

test('a browser that keeps nothing still has an identity, for as long as the page', async () => {
  const core = fakeCore(new FakeManager())
  const keeper = new BrowserKeeper({ core, database: Promise.resolve(undefined), deviceName: 'X', now: () => 1e12 })
  await keeper.opened
  expect(keeper.state.get()).toEqual({ kind: 'unavailable' })
  await keeper.known
  await keeper.write('contacts', Uint8Array.of(1))
  expect(await keeper.read('contacts')).toEqual(Uint8Array.of(1))
  expect(keeper.record.get()?.devices).toHaveLength(1)
})
