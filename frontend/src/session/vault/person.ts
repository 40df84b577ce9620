import type { DeviceEntry, DeviceIdentity, IdentityRecord, PersonalIdentity, RecordFields } from '@p2pigeon/core/people'
import { Store, type Readable } from '../../state/index.ts'
import { Fault } from '../fault.ts'
import type { PeopleCore } from '../manager.ts'
import { sameKey } from './codec.ts'
import { slotNames } from './names.ts'
import type { Slots } from './slots.ts'

/** Contacts believe a record that long without hearing of a newer one: the time a stolen, removed device could still pass as ours. */
const recordLifeMs = 2 * 365 * 86_400_000
/** Signed anew by then, so that nobody's copy ever runs out. */
const renewBeforeMs = recordLifeMs / 2

export interface PersonPorts {
  readonly slots: Promise<Slots>
  /** The person's key, where this device has it, and the device's own. */
  readonly keys: Promise<{ readonly person: CryptoKey | undefined; readonly device: CryptoKey }>
  readonly loadPeople: () => Promise<PeopleCore>
  readonly deviceName: string
  readonly now: () => number
}

/** The user as others may come to know them: identity, this device, and the record that joins them. */
export class Person {
  readonly #ports: PersonPorts
  readonly #record = new Store<IdentityRecord | undefined>(undefined)
  #known: Promise<void> | undefined
  #self: { readonly identity: PersonalIdentity | undefined; readonly device: DeviceIdentity } | undefined

  constructor(ports: PersonPorts) {
    this.#ports = ports
  }

  get record(): Readable<IdentityRecord | undefined> {
    return this.#record
  }

  /** Loads what people need when first asked. A download that failed is tried again when next asked. */
  get known(): Promise<void> {
    this.#known ??= this.#know().catch((error: unknown) => {
      this.#known = undefined
      throw error
    })
    return this.#known
  }

  identity(): PersonalIdentity | undefined {
    return this.#here().identity
  }

  device(): DeviceIdentity {
    return this.#here().device
  }

  /**
   * Signs which devices are this person's.
   * @throws {Fault} `linked-device` where the person's key is not on this device.
   */
  async signDevices(devices: readonly DeviceEntry[]): Promise<IdentityRecord> {
    const { identity } = this.#here()
    if (!identity) throw new Fault('linked-device')
    const nowMs = this.#ports.now()
    const fields: RecordFields = {
      devices,
      seq: nextSeq(this.#record.get(), nowMs),
      notBeforeMs: nowMs,
      notAfterMs: nowMs + recordLifeMs,
    }
    const people = await this.#ports.loadPeople()
    const record = await people.signRecord(identity, fields)
    await this.#keep(record)
    return record
  }

  async publish(record: IdentityRecord): Promise<void> {
    const known = this.#record.get()
    const people = await this.#ports.loadPeople()
    if (known && (known.id !== record.id || people.successionOf(known, record) !== 'newer')) return
    await this.#keep(record)
  }

  #here() {
    if (!this.#self) throw new Fault('not-known-yet')
    return this.#self
  }

  async #know(): Promise<void> {
    const keys = await this.#ports.keys
    const people = await this.#ports.loadPeople()
    const [identity, device, record] = await Promise.all([
      keys.person && people.personalIdentity(keys.person),
      people.deviceIdentity(keys.device),
      this.#stored(people),
    ])
    this.#self = { identity, device }
    this.#record.set(record)
    if (identity && !this.#isGood(record, identity, device)) {
      const known = record?.id === identity.id ? record.devices : []
      const others = known.filter((one) => !sameKey(one.publicKey, device.publicKey))
      const own = {
        publicKey: device.publicKey,
        noisePublicKey: device.noisePublicKey,
        name: people.cleanDeviceName(this.#ports.deviceName),
        addedAtMs: this.#ports.now(),
      }
      await this.signDevices([own, ...others].slice(0, people.maxDevices))
    }
  }

  /** True for a record of this identity that lists this device and lasts long enough. */
  #isGood(record: IdentityRecord | undefined, identity: PersonalIdentity, device: DeviceIdentity): boolean {
    return (
      record?.id === identity.id &&
      record.notAfterMs - this.#ports.now() > renewBeforeMs &&
      record.devices.some((one) => sameKey(one.publicKey, device.publicKey))
    )
  }

  async #stored(people: PeopleCore): Promise<IdentityRecord | undefined> {
    const bytes = await (await this.#ports.slots).read(slotNames.record)
    return bytes && people.readRecord(bytes)
  }

  async #keep(record: IdentityRecord): Promise<void> {
    await (await this.#ports.slots).write(slotNames.record, record.bytes)
    this.#record.set(record)
  }
}

/**
 * Records count by the second. A device restored from the words alone does not know how far the count had come; nobody signs more than
 * one record a second, so it is past it all the same.
 */
export function nextSeq(known: IdentityRecord | undefined, nowMs: number): number {
  return Math.max((known?.seq ?? 0) + 1, Math.floor(nowMs / 1_000))
}
