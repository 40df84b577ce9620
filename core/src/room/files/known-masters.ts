import { toHex } from '../../bytes/index.ts'
import { maxMasters, type ToldMaster } from '../../files/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { Shares } from './shares.ts'

/** Masters that are taken from one member: a room has eight members, and `maxMasters` in all. An honest one tells one of most epochs. */
const maxOfTeller = 512
/** The same of one epoch: devices that began to write at the same time made one each. */
const maxOfTellerPerEpoch = 32
/** Of those, so many may be what others told: the rest is for what this device's own data room uses. */
const maxPassedOnPerEpoch = 16

/** The masters that this device was told, and those of its own data room. */
export class KnownMasters {
  readonly #own = new Map<string, ToldMaster>()
  readonly #heard = new Shares<ToldMaster>({
    ofTeller: maxOfTeller,
    ofAll: maxMasters,
    yields: (kept, coming) => kept.epoch < coming.epoch,
  })

  /** Those of our own data room. True if one is new among them. */
  own(masters: readonly ToldMaster[]): boolean {
    const before = this.#own.size
    for (const master of masters) this.#own.set(keyOf(master), master)
    return this.#own.size > before
  }

  /** What a member told. False for what is known or beyond its share. */
  hear(master: ToldMaster, by: PeerId): boolean {
    const key = keyOf(master)
    if (this.has(key)) return false
    const ofEpoch = this.#heard.of(by).filter(({ epoch }) => epoch === master.epoch)
    return ofEpoch.length < maxOfTellerPerEpoch && this.#heard.set(key, master, by)
  }

  has(key: string): boolean {
    return this.#own.has(key) || this.#heard.get(key) !== undefined
  }

  heard(): readonly ToldMaster[] {
    return [...this.#heard.inTurn().values()]
  }

  /**
   * What others are told, by their keys: as many as they take of one member, the latest epochs first, and of each our own first. After a reload all
   * that was ever heard is our own. Of that those are told that were known first, since this device writes under one of them, and those that came
   * last: whoever had flooded an epoch before an honest master came does not keep that one from others.
   */
  toTell(): ReadonlyMap<string, ToldMaster> {
    const own = [...this.#own.values()]
    const maxOwn = maxOfTellerPerEpoch - maxPassedOnPerEpoch
    const ends = new Set([...firstOfEach(own, maxOwn / 2), ...firstOfEach(own.reverse(), maxOwn / 2)])
    const chosen = [...ends, ...firstOfEach(this.heard(), maxPassedOnPerEpoch)]
    chosen.sort((a, b) => b.epoch - a.epoch)
    return new Map(chosen.slice(0, maxOfTeller).map((master) => [keyOf(master), master]))
  }
}

export function keyOf({ epoch, secret }: ToldMaster): string {
  return `${String(epoch)}/${toHex(secret)}`
}

function firstOfEach(masters: readonly ToldMaster[], max: number): ToldMaster[] {
  const counts = new Map<number, number>()
  return masters.filter(({ epoch }) => {
    const count = (counts.get(epoch) ?? 0) + 1
    counts.set(epoch, count)
    return count <= max
  })
}
