import type {
  DeviceEntry,
  DeviceIdentity,
  IdentityRecord,
  KeySource,
  PersonalIdentity,
  VaultHeader,
} from '@p2pigeon/core/people'
import { Store, type Readable } from '../../state/index.ts'
import type { Database } from '../database.ts'
import { Fault, faultCode } from '../fault.ts'
import type { Keeper, KeeperState, UnlockWay } from './keeper.ts'
import { headerSlot, keyNames, slotNames } from './names.ts'
import { newVault, type NewVault, type VaultCore } from './new-vault.ts'
import { Person } from './person.ts'
import { isWordsWrap } from './recovery-key.ts'
import { passingSlots, sealedSlots, type Slots } from './slots.ts'

export interface KeeperPorts {
  readonly core: VaultCore
  readonly database: Promise<Database | undefined>
  /** How this device is called in a record until its owner says otherwise. */
  readonly deviceName: string
  readonly now: () => number
}

/** The keys of an open keeper, none of which can be exported. */
interface OpenKeys {
  readonly person: CryptoKey | undefined
  readonly device: CryptoKey
  readonly rooms: CryptoKey
}

/** Keeps everything in the database of this browser profile, sealed. */
export class BrowserKeeper implements Keeper {
  readonly #ports: KeeperPorts
  readonly #state = new Store<KeeperState>({ kind: 'opening' })
  readonly #slots: Promise<Slots>
  readonly #keys: Promise<OpenKeys>
  readonly #person: Person
  #opens: (opened: { readonly slots: Slots; readonly keys: OpenKeys }) => void = () => undefined
  #fails: (reason: unknown) => void = () => undefined

  constructor(ports: KeeperPorts) {
    this.#ports = ports
    const opened = new Promise<{ readonly slots: Slots; readonly keys: OpenKeys }>((resolve, reject) => {
      this.#opens = resolve
      this.#fails = reject
    })
    this.#slots = opened.then(({ slots }) => slots)
    this.#keys = opened.then(({ keys }) => keys)
    for (const waiting of [this.#slots, this.#keys]) waiting.catch(() => undefined)
    this.#person = new Person({
      slots: this.#slots,
      keys: this.#keys,
      loadPeople: ports.core.loadPeople,
      deviceName: ports.deviceName,
      now: ports.now,
    })
    this.#start().catch((error: unknown) => this.#fails(error))
  }

  get state(): Readable<KeeperState> {
    return this.#state
  }

  get opened(): Promise<void> {
    return this.#slots.then(() => undefined)
  }

  get known(): Promise<void> {
    return this.#person.known
  }

  get record(): Readable<IdentityRecord | undefined> {
    return this.#person.record
  }

  /** The key that pseudonyms of rooms derive from. */
  get roomSeed(): Promise<CryptoKey> {
    return this.#keys.then(({ rooms }) => rooms)
  }

  identity(): PersonalIdentity | undefined {
    return this.#person.identity()
  }

  device(): DeviceIdentity {
    return this.#person.device()
  }

  publish(record: IdentityRecord): Promise<void> {
    return this.#person.publish(record)
  }

  /** @throws {Fault} `linked-device` where only another device can do that. */
  signDevices(devices: readonly DeviceEntry[]): Promise<IdentityRecord> {
    return this.#person.signDevices(devices)
  }

  async read(slot: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.#slots).read(slot)
  }

  async write(slot: string, bytes: Uint8Array): Promise<void> {
    await (await this.#slots).write(slot, bytes)
  }

  async remove(slot: string): Promise<void> {
    await (await this.#slots).remove(slot)
  }

  async slots(): Promise<readonly string[]> {
    return (await this.#slots).names()
  }

  /**
   * Opens what is locked.
   * @throws {AuthenticationError} `vault-locked`, whatever was wrong.
   */
  async unlock(source: KeySource): Promise<void> {
    const { database, header } = await this.#stored()
    const vault = await this.#ports.core.vault.openVault(this.#ports.core.random, header, source)
    await this.#enter(sealedSlots(database, vault), hasDeviceWrap(header) ? 'device' : 'protected')
  }

  /** What opens the vault, as stored now: another tab may have changed it. @throws {Fault} `storage-unavailable`, `vault-damaged`. */
  async header(): Promise<VaultHeader> {
    return (await this.#stored()).header
  }

  /** The key of the device, while nothing else protects the vault. */
  async deviceKey(): Promise<CryptoKey | undefined> {
    return (await this.#ports.database)?.get('keys', keyNames.device)
  }

  /** True while rooms are entered with the key of version 1, which cannot be sealed. */
  async hasOldSeed(): Promise<boolean> {
    return (await (await this.#ports.database)?.count('keys', keyNames.oldSeed)) === 1
  }

  /**
   * Replaces what opens the vault. In the same step the device's key is kept, if one is given, or dropped with the seed of version 1,
   * which lies beside the vault as well.
   */
  async replaceHeader(header: VaultHeader, deviceKey: CryptoKey | undefined): Promise<void> {
    const { database } = await this.#stored()
    const transaction = database.transaction(['keys', 'vault'], 'readwrite')
    await transaction.objectStore('vault').put(this.#ports.core.vault.encodeHeader(header), headerSlot)
    if (deviceKey) await transaction.objectStore('keys').put(deviceKey, keyNames.device)
    else await transaction.objectStore('keys').clear()
    await transaction.done
    this.#state.set({ kind: 'open', protection: deviceKey ? 'device' : 'protected' })
  }

  /** Rooms are entered with this identity's key from the next page on, also those of version 1. */
  async dropOldSeed(): Promise<void> {
    await (await this.#ports.database)?.delete('keys', keyNames.oldSeed)
  }

  /**
   * Drops everything and begins anew, with these slots and, unless they hold one, a fresh seed. Only a new page shows the outcome.
   * @throws {Fault} `storage-unavailable`
   */
  async startOver(contents: NewVault['contents'] = []): Promise<void> {
    const database = await this.#ports.database
    if (!database) throw new Fault('storage-unavailable')
    await newVault(this.#ports.core, database, { replacing: true, contents })
  }

  async #start(): Promise<void> {
    const database = await this.#ports.database
    if (!database) {
      await this.#enterPassing()
      return
    }
    try {
      await this.#openStored(database)
    } catch (error) {
      // Whoever edited the storage gets no further than this: a lock that nothing opens but a fresh start. A disk that fails is not
      // the user's doing: calls go on without it.
      if (faultCode(error) === 'unexpected') await this.#enterPassing()
      else this.#state.set({ kind: 'locked', ways: [] })
    }
  }

  async #openStored(database: Database): Promise<void> {
    const { core } = this.#ports
    const isNew = (await database.count('vault', headerSlot)) === 0
    const fresh = isNew ? await newVault(core, database) : undefined
    if (fresh) {
      await this.#enter(sealedSlots(database, fresh), 'device')
      return
    }
    const { header } = await this.#stored()
    const key = await database.get('keys', keyNames.device)
    if (key && hasDeviceWrap(header)) await this.unlock({ kind: 'device', key })
    else this.#state.set({ kind: 'locked', ways: waysOf(header) })
  }

  /** Everything lasts as long as the page. */
  async #enterPassing(): Promise<void> {
    const slots = passingSlots()
    await slots.write(slotNames.seed, this.#ports.core.random.bytes(32))
    await slots.write(slotNames.deviceSeed, this.#ports.core.random.bytes(32))
    await this.#enter(slots, undefined)
  }

  async #stored(): Promise<{ readonly database: Database; readonly header: VaultHeader }> {
    const database = await this.#ports.database
    const bytes = await database?.get('vault', headerSlot)
    if (!database || !bytes) throw new Fault('storage-unavailable')
    return { database, header: this.#ports.core.vault.decodeHeader(bytes) }
  }

  async #enter(slots: Slots, protection: 'device' | 'protected' | undefined): Promise<void> {
    const [seed, deviceSeed] = await Promise.all([slots.read(slotNames.seed), slots.read(slotNames.deviceSeed)])
    if (!deviceSeed) throw new Fault('vault-damaged')
    const { importSeed } = this.#ports.core
    const person = seed && (await importSeed(seed))
    const device = await importSeed(deviceSeed)
    seed?.fill(0)
    deviceSeed.fill(0)
    const old = await (await this.#ports.database)?.get('keys', keyNames.oldSeed)
    this.#opens({ slots, keys: { person, device, rooms: old ?? person ?? device } })
    this.#state.set(protection ? { kind: 'open', protection } : { kind: 'unavailable' })
  }
}

function hasDeviceWrap(header: VaultHeader): boolean {
  return header.wraps.some((wrap) => wrap.kind === 'device')
}

/** The ways that a lock page offers. The words are no way in but a way back: they come with a new passphrase. */
function waysOf(header: VaultHeader): readonly UnlockWay[] {
  const kinds = new Set(header.wraps.filter((wrap) => !isWordsWrap(wrap)).map((wrap) => wrap.kind))
  return (['passphrase', 'passkey'] as const).filter((way) => kinds.has(way))
}
