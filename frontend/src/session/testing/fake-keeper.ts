import {
  deviceIdentity,
  personalIdentity,
  signRecord,
  type DeviceIdentity,
  type IdentityRecord,
  type PersonalIdentity,
} from '@p2pigeon/core/people'
import { importSeed } from '@p2pigeon/core'
import { Store } from '../../state/index.ts'
import type { Keeper, KeeperState } from '../vault/index.ts'

/** As long as the vault's may be. */
const maxSlotNameLength = 64

/** A keeper in memory. Its identity is real, made from the two seeds it is given. */
export class FakeKeeper implements Keeper {
  readonly state = new Store<KeeperState>({ kind: 'open', protection: 'device' })
  readonly opened = Promise.resolve()
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly record = new Store<IdentityRecord | undefined>(undefined)
  readonly known: Promise<void>
  #identity: PersonalIdentity | undefined
  #device: DeviceIdentity | undefined

  constructor(seed = new Uint8Array(32).fill(1), deviceSeed = new Uint8Array(32).fill(2)) {
    this.known = this.#know(seed, deviceSeed)
  }

  read(slot: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.kept.get(slot)?.slice())
  }

  write(slot: string, bytes: Uint8Array): Promise<void> {
    if (slot.length > maxSlotNameLength) return Promise.reject(new TypeError(`the vault takes no slot ${slot}`))
    this.kept.set(slot, new Uint8Array(bytes))
    return Promise.resolve()
  }

  remove(slot: string): Promise<void> {
    this.kept.delete(slot)
    return Promise.resolve()
  }

  slots(): Promise<readonly string[]> {
    return Promise.resolve([...this.kept.keys()])
  }

  identity(): PersonalIdentity | undefined {
    return this.#identity
  }

  device(): DeviceIdentity {
    if (!this.#device) throw new TypeError('await known first')
    return this.#device
  }

  publish(record: IdentityRecord): Promise<void> {
    this.record.set(record)
    return Promise.resolve()
  }

  async #know(seed: Uint8Array, deviceSeed: Uint8Array): Promise<void> {
    const identity = await personalIdentity(await importSeed(seed))
    const device = await deviceIdentity(await importSeed(deviceSeed))
    const { publicKey, noisePublicKey } = device
    this.#identity = identity
    this.#device = device
    this.record.set(
      await signRecord(identity, {
        devices: [{ publicKey, noisePublicKey, name: 'Laptop', addedAtMs: 0 }],
        seq: 1,
        notBeforeMs: 0,
        notAfterMs: 4e12,
      }),
    )
  }
}
