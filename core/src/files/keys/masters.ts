import { concat, toHex, utf8 } from '../../bytes/index.ts'
import { Writer } from '../../codec/index.ts'
import { sha256 } from '../../crypto/index.ts'
import { AuthenticationError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import { idBytes, type MasterId } from '../ids.ts'
import { masterBytes, maxMasters, maxMastersPerEpoch } from '../limits.ts'

const context = utf8('p2pigeon/v1/files/master')

/** A secret of the members of one epoch, from which keys of files and journals follow. */
export interface Master {
  readonly id: MasterId
  readonly epoch: number
  /** 32 bytes. Told to members over their channels, kept with the room's memory, shown to nobody else. */
  readonly secret: Uint8Array<ArrayBuffer>
}

/** A master as members tell it. */
export type ToldMaster = Omit<Master, 'id'>

/**
 * The master of this secret. The id covers the epoch, so that nobody can pass one off as another epoch's.
 * @throws {AuthenticationError} `weak-master` for a secret that is not 32 bytes or that is one byte over and over.
 */
export async function masterOf({ epoch, secret }: ToldMaster): Promise<Master> {
  if (secret.length !== masterBytes || secret.every((byte) => byte === secret[0])) {
    throw new AuthenticationError('weak-master', 'that is no master')
  }
  const digest = await sha256(concat(context, new Writer().u32(epoch).finish(), secret))
  return { id: toHex(digest.subarray(0, idBytes)), epoch, secret: new Uint8Array(secret) }
}

/** A fresh master of the present epoch, for a device that is about to write and knows none. */
export function newMaster(random: Random, epoch: number): Promise<Master> {
  return masterOf({ epoch, secret: random.bytes(masterBytes) })
}

/** The masters that a device knows. */
export class MasterRing {
  readonly #byId = new Map<MasterId, Master>()
  readonly #byEpoch = new Map<number, Master[]>()

  constructor(masters: Iterable<Master> = []) {
    for (const master of masters) this.add(master)
  }

  get size(): number {
    return this.#byId.size
  }

  /**
   * False for one that is known, and for one beyond `maxMastersPerEpoch`. Where there are `maxMasters`, the epoch that has the most
   * gives up its latest one: whoever has flooded the epochs in which they were a member does not keep others out of those that follow.
   */
  add(master: Master): boolean {
    const ofEpoch = this.#byEpoch.get(master.epoch) ?? []
    if (this.#byId.has(master.id) || ofEpoch.length >= maxMastersPerEpoch) return false
    if (this.#byId.size >= maxMasters && !this.#makeRoom(ofEpoch.length + 1)) return false
    this.#byId.set(master.id, master)
    this.#byEpoch.set(master.epoch, [...ofEpoch, master])
    return true
  }

  /**
   * Takes what a member who is in has told, and says what of it is new. `presentEpoch` is the room's as this device knows it: a master of a later
   * epoch is not taken. Otherwise somebody about to be removed could plant the master under which the others write afterwards. Tellers
   * tell again when the epoch changes.
   */
  async takeTold(told: readonly ToldMaster[], presentEpoch: number): Promise<readonly Master[]> {
    const taken: Master[] = []
    for (const one of told) {
      if (one.epoch > presentEpoch) continue
      const master = await masterOf(one).catch(() => undefined)
      if (master !== undefined && this.add(master)) taken.push(master)
    }
    return taken
  }

  get(id: MasterId): Master | undefined {
    return this.#byId.get(id)
  }

  /**
   * The one to write under: of several of an epoch that which was known first. A device goes on with it whatever others tell, so nobody drives it from
   * one to the next until others have not got them all.
   */
  choose(epoch: number): Master | undefined {
    return this.#byEpoch.get(epoch)?.[0]
  }

  all(): readonly Master[] {
    return [...this.#byId.values()]
  }

  /** Gives up one of an epoch that has more than `count`. False where none has. */
  #makeRoom(count: number): boolean {
    const counts = [...this.#byEpoch].map(([epoch, { length }]) => ({ epoch, length }))
    const crowded = counts.reduce((most, one) => (one.length > most.length ? one : most), { epoch: 0, length: count })
    const latest = this.all().findLast(({ epoch }) => epoch === crowded.epoch)
    if (crowded.length === count || !latest) return false
    this.#byId.delete(latest.id)
    const left = this.#byEpoch.get(latest.epoch)?.filter((master) => master !== latest)
    this.#byEpoch.set(latest.epoch, left ?? [])
    return true
  }
}
