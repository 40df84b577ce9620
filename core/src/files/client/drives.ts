import { TransportError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'
import type { DriveKey, ObjectId } from '../ids.ts'
import {
  compareRecords,
  JournalReader,
  noHash,
  OpsBudget,
  type Batch,
  type DriveHead,
  type DriveRecord,
  type Op,
} from '../journal/index.ts'
import type { MasterRing } from '../keys/index.ts'
import { maxDrivesPerAuthor, maxRememberedDrives } from '../limits.ts'
import type { RememberedDrive } from '../memory.ts'
import type { ReadJournal } from './picture/index.ts'
import type { Octets, Source } from './source.ts'
import { Turns } from './turns.ts'
import type { DriveProblem } from './view.ts'

/** Who may claim a drive, until it is known whose it is: more than one member can tell of (`core/src/room/files`). */
const maxClaims = 1_024
/** Records that say more than was read so far; a drive that lags behind its author's word for long is seen up to one of these. */
const maxAhead = 8

export interface DrivesPorts {
  readonly roomId: Uint8Array
  readonly source: Pick<Source, 'journal'>
  readonly masters: Pick<MasterRing, 'get'>
  readonly clock: Clock
  /** These batches of a drive were read and verified, each once and in order. */
  readonly grown: (drive: DriveKey, batches: readonly Batch[]) => void
  /** Something else is known that was not, such as a problem. */
  readonly changed: () => void
  /** A drive was read as far as its author says in this record. */
  readonly reached: (record: DriveRecord) => void
  /** The source did or did not answer. */
  readonly answered: (error: TransportError | undefined) => void
}

/** What somebody has signed of a drive. Anybody can do so for anybody's; whose it is, its first batch says. */
interface Claim {
  readonly latest: DriveRecord
  /** Records that are not reached yet. */
  ahead: readonly DriveRecord[]
  /** They have signed two things that cannot both be true. */
  isForked: boolean
}

interface Followed {
  readonly drive: DriveKey
  readonly reader: JournalReader
  /** What was known before it was read this time. */
  readonly known: DriveHead
  readonly batches: Batch[]
  /** Of its author alone, once that is known. */
  readonly claims: Map<PeerId, Claim>
  /** The latest of its author that was reached. */
  reached: DriveRecord | undefined
  /** Ours: what is in it counts before others were told. */
  isOwn: boolean
  /** Who it is remembered as, before it was read. */
  readonly supposed: PeerId
  /** Batches are in order: readings of one drive follow each other. */
  last: Promise<void>
  /** Readings that are not done. */
  steps: number
  isRead: boolean
  awaitsMaster: boolean
}

/** The drives of a room, each read as far as it holds, again and again. */
export class Drives {
  readonly #ports: DrivesPorts
  readonly #scope: Scope
  readonly #followed = new Map<DriveKey, Followed>()
  readonly #turns: Turns<Followed>
  readonly #budget = new OpsBudget()
  /** Who has told of more drives than anybody may write: at most `maxRememberedDrives` / `maxDrivesPerAuthor`. */
  readonly #tooMany = new Set<PeerId>()

  constructor(ports: DrivesPorts, remembered: readonly RememberedDrive[], own: DriveKey | undefined, scope: Scope) {
    this.#ports = ports
    this.#scope = scope
    this.#turns = new Turns({ clock: ports.clock, isSeen, read: (followed) => this.#readInTurn(followed) }, scope)
    for (const { drive, author, batches, head } of remembered) {
      this.#follow(drive, author, { batches, head }).isOwn = drive === own
    }
  }

  /** A drive of which its author has said something. False where it is nothing new, or beyond the bounds. */
  tell(record: DriveRecord): boolean {
    const followed = this.#followed.get(record.drive) ?? this.#followNew(record)
    if (!followed || (knownAuthor(followed) ?? record.author) !== record.author) return false
    const { claims } = followed
    const claim = claims.get(record.author)
    const news = claim ? compareRecords(claim.latest, record) : 'later'
    if (claim && news === 'forked') {
      // The drive was copied. What was read of it holds.
      claim.isForked = true
      this.#ports.changed()
    }
    if (news !== 'later' || (!claim && claims.size >= maxClaims)) return false
    const ahead = [...(claim?.ahead ?? []), record].slice(-maxAhead)
    claims.set(record.author, { latest: record, ahead, isForked: claim?.isForked ?? false })
    this.#reach(followed)
    if (record.batches > followed.reader.head.batches) this.#read(followed)
    return true
  }

  /** A drive that this device has made. */
  adopt(drive: DriveKey, author: PeerId): void {
    const followed = this.#followed.get(drive) ?? this.#follow(drive, author, { batches: 0, head: noHash })
    followed.isRead = true
    followed.isOwn = true
  }

  /** This device does not write it any more: what is in it counts as far as others were told, here as everywhere. */
  abandon(drive: DriveKey): void {
    const followed = this.#followed.get(drive)
    if (followed) followed.isOwn = false
  }

  /** The batch of this number, which this device has appended. A reading that was under way may have brought it before. */
  appended(drive: DriveKey, number: number, bytes: Octets): Promise<void> {
    const followed = this.#followed.get(drive)
    if (!followed) return Promise.resolve()
    return this.#inOrder(followed, async () => {
      if (followed.reader.head.batches === number) await this.#take(followed, [bytes])
    })
  }

  head(drive: DriveKey): DriveHead {
    return this.#followed.get(drive)?.reader.head ?? { batches: 0, head: noHash }
  }

  /** Read to its end, and everything in it holds. */
  isWhole(drive: DriveKey): boolean {
    const followed = this.#followed.get(drive)
    return followed !== undefined && followed.reader.problem === undefined && !followed.awaitsMaster && followed.isRead
  }

  /** Reads one drive now, to its end. @throws what the source throws. */
  async refresh(drive: DriveKey): Promise<void> {
    const followed = this.#followed.get(drive)
    if (followed) await this.#inOrder(followed, () => this.#readOn(followed))
  }

  /** Whether a `put` of this object is in it, once it is read to its end. Undefined where it cannot be. @throws what the source throws. */
  async has(drive: DriveKey, object: ObjectId): Promise<boolean | undefined> {
    await this.refresh(drive)
    const followed = this.#followed.get(drive)
    const isPut = (op: Op): boolean => op.kind === 'put' && op.object === object
    if (followed?.batches.some(({ ops }) => ops.some(isPut)) === true) return true
    return followed && this.isWhole(drive) && !isBehind(followed) ? false : undefined
  }

  /** Masters have come: what waited for them is read on. */
  retry(): void {
    for (const followed of this.#followed.values()) if (followed.awaitsMaster) this.#read(followed)
  }

  /** What was verified of a drive. */
  journal(drive: DriveKey): ReadJournal | undefined {
    const followed = this.#followed.get(drive)
    if (!followed) return undefined
    const { batches, reached, isOwn } = followed
    const told = isOwn ? batches.length : (reached?.batches ?? 0)
    return { batches, told, hashAt: (number) => batches[number]?.hash }
  }

  /** Its author has told of everything that is in it. */
  isTold(drive: DriveKey): boolean {
    const followed = this.#followed.get(drive)
    return followed?.reached?.batches === followed?.reader.head.batches
  }

  keys(): readonly DriveKey[] {
    return [...this.#followed.keys()]
  }

  /** Those in which somebody has seen something. */
  seen(): readonly DriveKey[] {
    return [...this.#followed.values()].filter(isSeen).map(({ drive }) => drive)
  }

  /** The latest record of each drive that was reached. */
  records(): readonly DriveRecord[] {
    return [...this.#followed.values()].flatMap(({ reached }) => reached ?? [])
  }

  remembered(): readonly RememberedDrive[] {
    return [...this.#followed.values()].map((followed) => {
      const { drive, reader, known, reached } = followed
      const head = reader.head.batches < known.batches ? known : reader.head
      return { drive, author: authorOf(followed), ...head, record: (reached ?? claimOf(followed)?.latest)?.bytes }
    })
  }

  /** How many have something that was not read yet, and what is wrong with others. */
  state(): { readonly pending: number; readonly problems: readonly DriveProblem[] } {
    const all = [...this.#followed.values()]
    const problems = all.flatMap((followed): DriveProblem[] => {
      const kind = followed.reader.problem ?? (claimOf(followed)?.isForked ? 'rolled-back' : undefined)
      return kind === undefined ? [] : [{ by: authorOf(followed), kind }]
    })
    for (const by of this.#tooMany) problems.push({ by, kind: 'over-limit' })
    const pending = all.filter((followed) => followed.reader.problem === undefined && isBehind(followed))
    return { pending: pending.length, problems }
  }

  #followNew({ drive, author }: DriveRecord): Followed | undefined {
    const ofAuthor = [...this.#followed.values()].filter(({ supposed }) => supposed === author)
    if (ofAuthor.length >= maxDrivesPerAuthor) {
      this.#tooMany.add(author)
      this.#ports.changed()
      return undefined
    }
    if (this.#followed.size >= maxRememberedDrives && !this.#letGoOfOne()) return undefined
    return this.#follow(drive, author, { batches: 0, head: noHash })
  }

  /** Makes way: a drive in which nobody has seen anything yet may be one that there is not. */
  #letGoOfOne(): boolean {
    for (const followed of this.#followed.values()) {
      const { drive, awaitsMaster, steps } = followed
      if (isSeen(followed) || awaitsMaster || steps > 0) continue
      this.#turns.drop(followed)
      return this.#followed.delete(drive)
    }
    return false
  }

  #follow(drive: DriveKey, supposed: PeerId, known: DriveHead): Followed {
    const followed: Followed = {
      ...{
        drive,
        supposed,
        known,
        reader: new JournalReader(this.#ports.roomId, drive, known, this.#budget),
        batches: [],
      },
      ...{ claims: new Map(), reached: undefined, isOwn: false },
      ...{ last: Promise.resolve(), steps: 0, isRead: false, awaitsMaster: false },
    }
    this.#followed.set(drive, followed)
    this.#read(followed)
    return followed
  }

  #read(followed: Followed): void {
    if (!followed.reader.hasStopped) this.#turns.hurry(followed)
  }

  async #readInTurn(followed: Followed): Promise<boolean | undefined> {
    const before = followed.reader.head.batches
    try {
      await this.#inOrder(followed, () => this.#readOn(followed))
    } catch (error) {
      // A drive that nobody has just now says nothing of the node.
      const isMissing = error instanceof TransportError && error.code === 'object-missing'
      if (error instanceof TransportError && !isMissing) this.#ports.answered(error)
      return isMissing ? false : undefined
    }
    this.#ports.answered(undefined)
    if (followed.reader.hasStopped) this.#turns.drop(followed)
    return followed.reader.head.batches > before
  }

  #inOrder(followed: Followed, step: () => Promise<void>): Promise<void> {
    followed.steps += 1
    const done = followed.last.then(step).finally(() => (followed.steps -= 1))
    followed.last = done.catch(() => undefined)
    return done
  }

  async #readOn(followed: Followed): Promise<void> {
    const { source, changed } = this.#ports
    const { reader, drive } = followed
    const before = isBehind(followed)
    for (;;) {
      const from = reader.head.batches
      const { batches, length } = await source.journal(drive, from, this.#scope.signal)
      const { problem } = reader
      reader.holds(length)
      if (reader.problem !== problem) changed()
      if (batches.length === 0) break
      await this.#take(followed, batches)
      if (reader.hasStopped || followed.awaitsMaster || reader.head.batches >= length) break
    }
    followed.isRead = true
    if (isBehind(followed) !== before) changed()
  }

  async #take(followed: Followed, batches: readonly Octets[]): Promise<void> {
    followed.awaitsMaster = false
    const before = followed.batches.length
    for (const bytes of batches) {
      const step = await followed.reader.take(bytes, this.#ports.masters)
      if (step.kind === 'read') followed.batches.push(step.batch)
      followed.awaitsMaster = step.kind === 'master-unknown'
      if (step.kind !== 'read') break
    }
    const author = knownAuthor(followed)
    for (const other of followed.claims.keys()) {
      if (author !== undefined && other !== author) followed.claims.delete(other)
    }
    this.#ports.grown(followed.drive, followed.batches.slice(before))
    this.#reach(followed)
    this.#ports.changed()
  }

  /** Looks which records say no more than was read, now or when it was remembered. One that says something else than the drive counts for nothing. */
  #reach(followed: Followed): void {
    const { reader, known, batches } = followed
    const claim = claimOf(followed)
    if (!claim) return
    const isWithin = (record: DriveRecord): boolean =>
      record.batches <= reader.head.batches || (record.batches === known.batches && record.head === known.head)
    for (const record of claim.ahead.filter(isWithin)) {
      const isSo = record.batches > reader.head.batches || batches[record.batches - 1]?.hash === record.head
      if (!isSo || record.batches <= (followed.reached?.batches ?? 0)) continue
      followed.reached = record
      this.#ports.reached(record)
    }
    claim.ahead = claim.ahead.filter((record) => !isWithin(record))
  }
}

/** Somebody has seen a batch of it, now or when it was remembered, or it is ours: it is no mere name. */
function isSeen({ reader, known, isOwn }: Followed): boolean {
  return isOwn || reader.head.batches > 0 || known.batches > 0
}

/** What is known of it, from before or by its author's word, is more than whoever has it shows. */
function isBehind(followed: Followed): boolean {
  const { isRead, awaitsMaster, reader, known } = followed
  const told = claimOf(followed)?.latest.batches ?? 0
  return !isRead || awaitsMaster || Math.max(known.batches, told) > reader.head.batches
}

/** Whose drive it is, if somebody has seen a batch of it, now or when it was remembered. */
function knownAuthor({ reader, known, supposed }: Followed): PeerId | undefined {
  return reader.author ?? (known.batches > 0 ? supposed : undefined)
}

function authorOf({ reader, supposed }: Followed): PeerId {
  return reader.author ?? supposed
}

function claimOf(followed: Followed): Claim | undefined {
  return followed.claims.get(authorOf(followed))
}
