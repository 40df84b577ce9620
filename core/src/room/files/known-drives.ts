import { compareCuts, maxCuts, type DriveCut } from '../../control-log/index.ts'
import { AuthenticationError, CodecError } from '../../errors/index.ts'
import {
  compareRecords,
  decodeDriveRecord,
  maxDrivesPerAuthor,
  maxRememberedDrives,
  readDriveRecord,
  type DriveRecord,
} from '../../files/index.ts'
import { peerIdOf, type PeerId } from '../../identity/index.ts'
import { Shares } from './shares.ts'

type Octets = Uint8Array<ArrayBuffer>
/** What a record says, genuine or not. */
type Claim = Omit<DriveRecord, 'bytes'>

/** Drives that one member tells of: a room has eight members, and `maxRememberedDrives` in all. */
const maxOfTeller = 512
/** Of those, so many may be what others told: the rest is for what this device's own data room knows. */
const maxPassedOn = 256

/** Signed records of drives: of each drive and author the latest, and one that contradicts it. */
export class KnownDrives {
  readonly #roomId: Uint8Array
  readonly #own = new Map<string, DriveRecord>()
  readonly #heard = new Shares<DriveRecord>({ ofTeller: maxOfTeller, ofAll: maxRememberedDrives, yields: () => false })

  constructor(roomId: Uint8Array) {
    this.#roomId = roomId
  }

  /** Records of which our own data room knows that they are genuine, and that the drives lead to what they say. True if one is new among them. */
  own(records: readonly Octets[]): boolean {
    let isNew = false
    for (const bytes of records) {
      const claim = claimIn(bytes)
      const known = claim && this.#own.get(keyOf(claim))
      if (claim === undefined || (known && compareRecords(known, claim) !== 'later')) continue
      this.#own.set(keyOf(claim), { ...claim, bytes })
      isNew = true
    }
    return isNew
  }

  /** What a member told, and by which name it is told on; undefined for what is no news, not genuine, or beyond the bounds. */
  async hear(bytes: Octets, by: PeerId): Promise<string | undefined> {
    const claim = claimIn(bytes)
    // No signature is looked at for what is known already.
    if (claim === undefined || this.#placeOf(claim) === undefined) return undefined
    const record = await readDriveRecord(this.#roomId, bytes).catch(undefinedIfForeign)
    const key = record && this.#placeOf(record)
    if (record === undefined || key === undefined) return undefined
    const isKnown = this.#heard.get(key) !== undefined
    if (!isKnown && this.#countOf(record.author) >= maxDrivesPerAuthor) return undefined
    return this.#heard.set(key, record, by) ? nameOf(key, record) : undefined
  }

  heard(): readonly Octets[] {
    return [...this.#heard.inTurn().values()].map(({ bytes }) => bytes)
  }

  /** What others are told, each by a name: as many drives as they take of one member, those of our own data room first. */
  toTell(): ReadonlyMap<string, DriveRecord> {
    const ours = [...this.#own].slice(0, maxOfTeller - maxPassedOn)
    // Where somebody has told more than we have read, both: nobody can say which of them is so.
    const others = [...this.#heard.inTurn()].filter(
      ([key, { batches }]) => batches > (this.#own.get(key)?.batches ?? -1),
    )
    const records = [...ours, ...others.slice(0, maxPassedOn)]
    return new Map(records.map(([key, record]) => [nameOf(key, record), record]))
  }

  /** Whose drives are known: those first of which our own data room has read, then one of each member's telling in turn. */
  authors(): ReadonlySet<PeerId> {
    const known = [...this.#own.values(), ...this.#heard.inTurn().values()]
    return new Set(known.filter(({ batches }) => batches > 0).map(({ author }) => author))
  }

  /**
   * How far each drive of somebody goes, sorted: as our own data room has read it, and as its author has signed beyond that. Its node may lag behind
   * the author, and the author may have signed more than it wrote; a cut that the drive does not lead to keeps nothing and takes nothing away.
   */
  cutsOf(author: PeerId): readonly DriveCut[] {
    const heard = [...this.#heard.inTurn().values()]
    const ahead = heard.filter((record) => record.batches > (this.#own.get(keyOf(record))?.batches ?? 0))
    return [...this.#own.values(), ...ahead]
      .filter((record) => record.author === author && record.batches > 0)
      .map(({ drive, batches, head }) => ({ drive, batches, head }))
      .slice(0, maxCuts)
      .sort(compareCuts)
  }

  /** Where it is kept if it is news. */
  #placeOf(claim: Claim): string | undefined {
    const key = keyOf(claim)
    const contradiction = `${key}/forked`
    const known = latestOf(this.#own.get(key), this.#heard.get(key))
    switch (known === undefined ? 'later' : compareRecords(known, claim)) {
      case 'later':
        return key
      case 'forked':
        return this.#heard.get(contradiction) ? undefined : contradiction
      case 'same':
      case 'earlier':
        return undefined
    }
  }

  #countOf(author: PeerId): number {
    return [...this.#heard.inTurn().values()].filter((one) => one.author === author).length
  }
}

/** Whose a record says that a drive is; undefined for what is no record. Whether it is genuine is another matter. */
export function authorIn(bytes: Octets): PeerId | undefined {
  return claimIn(bytes)?.author
}

function claimIn(bytes: Octets): Claim | undefined {
  try {
    const { publicKey, drive, batches, head } = decodeDriveRecord(bytes)
    return { author: peerIdOf(publicKey), drive, batches, head }
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}

function keyOf({ author, drive }: Claim): string {
  return `${author}/${drive}`
}

function nameOf(key: string, { batches }: Claim): string {
  return `${key}/${String(batches)}`
}

function latestOf(a: DriveRecord | undefined, b: DriveRecord | undefined): DriveRecord | undefined {
  return a === undefined || (b !== undefined && b.batches > a.batches) ? b : a
}

function undefinedIfForeign(error: unknown): undefined {
  if (!(error instanceof CodecError || error instanceof AuthenticationError)) throw error
}
