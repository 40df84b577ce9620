import type { DeviceEntry, IdentityRecord } from '@p2pigeon/core/people'
import { Fault } from '../../fault.ts'
import type { CorePorts } from '../../manager.ts'
import type { Preferences } from '../../preferences.ts'
import type { BrowserKeeper } from '../browser-keeper.ts'
import { sameKey } from '../codec.ts'
import { slotNames } from '../names.ts'
import { isWordsWrap } from '../recovery-key.ts'
import {
  checkDigits,
  readAnswerCode,
  readDeviceCode,
  writeAnswerCode,
  writeDeviceCode,
  type DeviceCode,
} from './device-codes.ts'

export interface OwnDevicesPorts {
  readonly keeper: BrowserKeeper
  readonly preferences: Preferences
  readonly core: Pick<CorePorts, 'loadPeople'>
  readonly deviceName: string
}

/** A device that asks to be added. */
export interface Candidate extends DeviceCode {
  /** Also shown by the device itself. */
  readonly digits: string
}

/** The devices of one person: which there are, how one is added, how one is taken away. */
export class OwnDevices {
  readonly #ports: OwnDevicesPorts

  constructor(ports: OwnDevicesPorts) {
    this.#ports = ports
  }

  isThisDevice(entry: DeviceEntry): boolean {
    return sameKey(entry.publicKey, this.#ports.keeper.device().publicKey)
  }

  /** What this device shows to be added elsewhere. */
  async code(): Promise<{ readonly code: string; readonly digits: string }> {
    const { keeper, deviceName } = this.#ports
    await keeper.known
    const device = keeper.device()
    return { code: await writeDeviceCode(device, deviceName), digits: await checkDigits(device.publicKey) }
  }

  /** @throws {Fault} `device-code-missing`, `device-code-damaged`, `device-is-this` */
  async read(code: string): Promise<Candidate> {
    const people = await this.#ports.core.loadPeople()
    const device = await readDeviceCode(code)
    await this.#ports.keeper.known
    if (sameKey(device.publicKey, this.#ports.keeper.device().publicKey)) throw new Fault('device-is-this')
    return { ...device, name: people.cleanDeviceName(device.name), digits: await checkDigits(device.publicKey) }
  }

  /**
   * Signs a record that lists the device, and gives the answer to show to it. Asked again for a listed one it gives the answer again.
   * @throws {Fault} `linked-device`, `too-many-devices`
   */
  async add({ publicKey, noisePublicKey, name }: DeviceCode, nowMs: number): Promise<string> {
    const { keeper, core, preferences } = this.#ports
    const { maxDevices } = await core.loadPeople()
    const present = this.#record()
    const isListed = present.devices.some((one) => sameKey(one.publicKey, publicKey))
    if (!isListed && present.devices.length >= maxDevices) throw new Fault('too-many-devices')
    const added: DeviceEntry = { publicKey, noisePublicKey, name, addedAtMs: nowMs }
    const record = isListed ? present : await keeper.signDevices([...present.devices, added])
    return writeAnswerCode(record.bytes, preferences.value.get().name)
  }

  /** Signs a record without the device: whoever hears of it believes that device no longer. @throws {Fault} `linked-device` */
  async remove(entry: DeviceEntry): Promise<void> {
    const { keeper } = this.#ports
    await keeper.signDevices(this.#record().devices.filter((one) => !sameKey(one.publicKey, entry.publicKey)))
  }

  /** @throws {Fault} `linked-device` */
  async rename(entry: DeviceEntry, name: string): Promise<void> {
    const { keeper, core } = this.#ports
    const clean = (await core.loadPeople()).cleanDeviceName(name)
    const devices = this.#record().devices.map((one) =>
      sameKey(one.publicKey, entry.publicKey) ? { ...one, name: clean } : one,
    )
    await keeper.signDevices(devices)
  }

  /**
   * Makes this device one of the identity that answered. Its own identity is dropped. Only a new page shows it.
   * @throws {Fault} `answer-code-missing`, `answer-code-damaged`, `answer-for-another` when the record does not list this device.
   * @throws {AuthenticationError} `record-not-genuine`
   */
  async link(answer: string): Promise<void> {
    const { keeper, core, preferences } = this.#ports
    const people = await core.loadPeople()
    const { record: bytes, name } = await readAnswerCode(answer)
    const record = await people.readRecord(bytes).catch((error: unknown) => {
      throw error instanceof Error && 'code' in error && error.code === 'record-not-genuine'
        ? error
        : new Fault('answer-code-damaged', { cause: error })
    })
    await keeper.known
    if (!record.devices.some((one) => this.isThisDevice(one))) throw new Fault('answer-for-another')
    await keeper.write(slotNames.record, record.bytes)
    await keeper.remove(slotNames.seed)
    const header = await keeper.header().catch(() => undefined)
    if (header?.wraps.some(isWordsWrap)) await keeper.replaceHeader(people.removeWrap(header, isWordsWrap), undefined)
    else await keeper.dropOldSeed()
    if (name.trim() !== '') preferences.change({ name: name.slice(0, 64) })
  }

  #record(): IdentityRecord {
    const record = this.#ports.keeper.record.get()
    if (!record) throw new Fault('not-known-yet')
    return record
  }
}
