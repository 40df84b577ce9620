import type { PasswordHash, RecoveredSeed } from '@p2pigeon/core/people'
import { Fault } from '../../fault.ts'
import type { CorePorts } from '../../manager.ts'
import type { RecentRoom } from '../../recent-room.ts'
import type { RecentRooms } from '../../recent-rooms.ts'
import type { BrowserKeeper } from '../browser-keeper.ts'
import type { Care } from '../care.ts'
import { fromBase64url, fromBytes, sameKey, toBase64url, toBytes } from '../codec.ts'
import { newSlotId, slotNames, slotPrefixes } from '../names.ts'
import { isWordsWrap } from '../recovery-key.ts'

/** What was found in words or in a file: the person's seed and, from a file, everything else that was kept. */
export interface Found {
  readonly seed: Uint8Array<ArrayBuffer>
  /** Plain contents by slot; empty for words. */
  readonly slots: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/** The form of a backup's contents, before they are sealed. */
interface Contents {
  readonly version: 1
  readonly slots: Readonly<Record<string, string>>
}

/** These belong to one device, and two devices with the same would be one to everybody else. */
const slotsOfThisDevice: readonly string[] = [slotNames.deviceSeed, slotNames.care]

/** The chat of a room stays on the device that was there: that is what its members were told. What a search knows follows from the messages. */
function isOfThisDevice(name: string): boolean {
  return slotsOfThisDevice.includes(name) || name.startsWith(slotPrefixes.chat) || name.startsWith(slotPrefixes.words)
}

export interface BackupPorts {
  readonly keeper: BrowserKeeper
  readonly rooms: RecentRooms
  readonly care: Care
  readonly core: Pick<CorePorts, 'random' | 'loadPeople' | 'vault'>
  readonly hash: PasswordHash
}

/** Takes a person's identity off this device, as words or as a file, and brings it back. */
export class Backup {
  readonly #ports: BackupPorts

  constructor(ports: BackupPorts) {
    this.#ports = ports
  }

  /**
   * The identity as 24 words. They cannot be wiped from memory: show them, keep them nowhere.
   * @throws {Fault} `linked-device` where the identity's key is not on this device.
   */
  async words(): Promise<readonly string[]> {
    const seed = await this.#seed()
    const people = await this.#ports.core.loadPeople()
    const words = people.wordsOf(seed)
    seed.fill(0)
    return words
  }

  /**
   * Identity, rooms, contacts and name in a file that only the passphrase opens.
   * @throws {Fault} `linked-device`
   * @throws {UsageError} `passphrase-too-short`
   */
  async file(passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
    const { keeper, core, hash } = this.#ports
    ;(await this.#seed()).fill(0)
    const people = await core.loadPeople()
    const names = (await keeper.slots()).filter((name) => !isOfThisDevice(name))
    const slots = await Promise.all(names.map(async (name) => [name, await keeper.read(name)] as const))
    const contents: Contents = {
      version: 1,
      slots: Object.fromEntries(slots.flatMap(([name, bytes]) => (bytes ? [[name, toBase64url(bytes)]] : []))),
    }
    const plain = toBytes(contents)
    try {
      return await people.sealBackup(core.random, passphrase, hash, plain)
    } finally {
      plain.fill(0)
    }
  }

  /** What somebody typed, judged: a slip is an answer and no error. */
  async readWords(typed: string): Promise<RecoveredSeed> {
    return (await this.#ports.core.loadPeople()).seedOf(typed)
  }

  /**
   * @throws {CodecError} `not-a-backup`, `backup-version`
   * @throws {AuthenticationError} `backup-locked`: a wrong passphrase, or a damaged file.
   */
  async openFile(file: Uint8Array, passphrase: string): Promise<Found> {
    const people = await this.#ports.core.loadPeople()
    const plain = await people.openBackup(file, passphrase, this.#ports.hash)
    const contents = fromBytes(plain) as Contents | undefined
    plain.fill(0)
    const slots = new Map<string, Uint8Array<ArrayBuffer>>()
    for (const [name, encoded] of Object.entries(contents?.slots ?? {})) {
      const bytes = fromBase64url(encoded)
      if (bytes && !isOfThisDevice(name)) slots.set(name, bytes)
    }
    const seed = slots.get(slotNames.seed)
    if (seed?.length !== 32) throw new Fault('not-a-backup')
    slots.delete(slotNames.seed)
    return { seed, slots }
  }

  /** What restoring would do here. */
  async compare({ seed }: Found): Promise<'same' | 'replaces'> {
    const present = await this.#ports.keeper.read(slotNames.seed)
    const isSame = present !== undefined && sameKey(present, seed)
    present?.fill(0)
    return isSame ? 'same' : 'replaces'
  }

  /**
   * Makes the found identity the one of this open device. Rooms that are known here stay; the rest of a file takes the place of what is
   * here. Only a new page shows it.
   */
  async restore(found: Found): Promise<void> {
    const { keeper, care, core } = this.#ports
    const people = await core.loadPeople()
    const isSame = (await this.compare(found)) === 'same'
    if (!isSame) {
      await keeper.write(slotNames.seed, found.seed)
      await keeper.remove(slotNames.record)
      // Storage of its own lasts as long as the page; there is nothing to wrap then.
      const header = await keeper.header().catch(() => undefined)
      // The former words must not open what is the new person's.
      if (header?.wraps.some(isWordsWrap)) await keeper.replaceHeader(people.removeWrap(header, isWordsWrap), undefined)
      else await keeper.dropOldSeed()
    }
    // Of the conversations that were here: those of the file are searched anew.
    for (const name of await keeper.slots()) if (name.startsWith(slotPrefixes.words)) await keeper.remove(name)
    for (const [name, bytes] of this.#merged(found)) await keeper.write(name, bytes)
    care.backedUp()
    found.seed.fill(0)
  }

  /** Drops everything of a device that nothing opens any more, and begins with what was found, or with a new identity. */
  async startOver(found: Found | undefined): Promise<void> {
    await this.#ports.keeper.startOver([...(found ? [[slotNames.seed, found.seed] as const, ...found.slots] : [])])
    found?.seed.fill(0)
  }

  /** Slots to write: of rooms only those that are unknown here, under new names, each with its memory. */
  #merged({ slots }: Found): readonly (readonly [string, Uint8Array<ArrayBuffer>])[] {
    const { rooms } = this.#ports
    const merged: (readonly [string, Uint8Array<ArrayBuffer>])[] = []
    for (const [name, bytes] of slots) {
      if (name.startsWith(slotPrefixes.memory)) continue
      if (!name.startsWith(slotPrefixes.room)) {
        merged.push([name, bytes])
        continue
      }
      const room = fromBytes(bytes) as RecentRoom | undefined
      if (!room || rooms.find(room.roomId)) continue
      const id = newSlotId()
      merged.push([slotPrefixes.room + id, bytes])
      const memory = slots.get(slotPrefixes.memory + name.slice(slotPrefixes.room.length))
      if (memory) merged.push([slotPrefixes.memory + id, memory])
    }
    return merged
  }

  async #seed(): Promise<Uint8Array<ArrayBuffer>> {
    const seed = await this.#ports.keeper.read(slotNames.seed)
    if (!seed) throw new Fault('linked-device')
    return seed
  }
}
