import { toHex } from '../../bytes/index.ts'
import type { DriveCut } from '../../control-log/index.ts'
import type { DriveRecord, FileTalk, ToldMaster } from '../../files/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { Emitter, type Scope, type Undo } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'
import { encodeDrives, encodeMasters, type Control } from '../control.ts'
import { Later } from '../later.ts'
import { authorIn, KnownDrives } from './known-drives.ts'
import { keyOf, KnownMasters } from './known-masters.ts'

type Octets = Uint8Array<ArrayBuffer>

/** What others told is passed on so much later, together with what comes meanwhile: most members have it from its author by then. */
const passOnDelayMs = 2_000
/** Masters and records of one member that are still to be looked at: as many as it may tell of each. */
const maxWaiting = 512

export interface TalkPorts {
  readonly roomId: Uint8Array
  readonly clock: Clock
  readonly scope: Scope
  /** Connected, and in by what the log says now: to be told, and to be believed. */
  isIn(peer: PeerId): boolean
  /** By what the log says now. */
  epoch(): number
  /** By what the log says now, something of what this one writes or has written may count, or it is for an owner to say what does. */
  mayCount(author: PeerId): boolean
  /** Resolves once the entries of the log that came before are placed. */
  logPlaced(): Promise<unknown>
  send(to: PeerId, control: Octets): void
}

export interface TalkEvents {
  mastersHeard: (masters: readonly ToldMaster[]) => void
  drivesHeard: (records: readonly Octets[]) => void
  somebodyCame: () => void
}

/** What others are told, by names. */
interface ToTell {
  readonly masters: ReadonlyMap<string, ToldMaster>
  readonly drives: ReadonlyMap<string, DriveRecord>
}

/** How far we are with a member. */
interface Listener {
  /** It was given what it lacked of our log, so that it can tell which epochs there are. */
  hasLog: boolean
  /** Names of what we tell that it has told us, or was told. */
  knows: ReadonlySet<string>
  /** Told by it and to be looked at. */
  readonly masters: Map<string, ToldMaster>
  readonly records: Map<string, Octets>
  /** Masters of epochs that the log does not have. */
  readonly later: Map<string, ToldMaster>
  /** Records of drives of names that the log does not let in. */
  readonly laterRecords: Map<string, Octets>
  isHeard: boolean
}

/**
 * What members tell each other of files: each tells whoever comes what it knows, also where nobody here opens the files. A master of a later epoch
 * waits until the log says that there is one, for as long as whoever told it is in: nobody plants one that outlasts its removal. A drive of a name
 * that the log does not let in waits in the same way: nobody has others read what counts for nothing.
 */
export class Talk implements FileTalk {
  readonly #ports: TalkPorts
  readonly #masters = new KnownMasters()
  readonly #drives: KnownDrives
  readonly #listeners = new Map<PeerId, Listener>()
  readonly #events = new Emitter<TalkEvents>()
  readonly #passOn: Later

  constructor(ports: TalkPorts) {
    this.#ports = ports
    this.#drives = new KnownDrives(ports.roomId)
    this.#passOn = new Later(
      ports,
      () => passOnDelayMs,
      () => {
        this.#tellAll()
      },
    )
    ports.scope.onEnd(() => {
      this.#events.clear()
    })
  }

  tellMasters(masters: readonly ToldMaster[]): void {
    if (this.#masters.own(masters)) this.#tellAll()
  }

  tellDrives(records: readonly Octets[]): void {
    if (this.#drives.own(records)) this.#tellAll()
  }

  onMasters(heard: (masters: readonly ToldMaster[]) => void): Undo {
    const before = this.#masters.heard()
    if (before.length > 0) heard(before)
    return this.#events.on('mastersHeard', heard)
  }

  onDrives(heard: (records: readonly Octets[]) => void): Undo {
    const before = this.#drives.heard()
    if (before.length > 0) heard(before)
    return this.#events.on('drivesHeard', heard)
  }

  onSomebody(came: () => void): Undo {
    return this.#events.on('somebodyCame', came)
  }

  /** What is known of the drives of somebody: of each how much counts if nothing more is to count. */
  cutsOf(author: PeerId): readonly DriveCut[] {
    return this.#drives.cutsOf(author)
  }

  /** Whose drives are known. */
  authors(): ReadonlySet<PeerId> {
    return this.#drives.authors()
  }

  /** A member is connected, perhaps again: what it knew it may have lost, and both may have gone on apart from each other. */
  connected(peer: PeerId): void {
    const listener = this.#listenerOf(peer)
    listener.knows = new Set()
    listener.hasLog = false
    this.#tell(peer, listener)
  }

  /** A member was given what it lacked of the log. What belongs to it goes behind it. */
  gaveLog(peer: PeerId): void {
    const listener = this.#listenerOf(peer)
    if (listener.hasLog) return
    listener.hasLog = true
    this.#tell(peer, listener)
    this.#events.emit('somebodyCame')
  }

  /** Somebody may have gone: what it told and nobody has looked at goes with it. */
  keepOnly(isMember: (peer: PeerId) => boolean): void {
    for (const peer of this.#listeners.keys()) if (!isMember(peer)) this.#listeners.delete(peer)
  }

  /** The log says something new: perhaps there is the epoch that something waits for. */
  logChanged(): void {
    for (const [peer, listener] of this.#listeners) {
      for (const [key, master] of listener.later) listener.masters.set(key, master)
      for (const [key, bytes] of listener.laterRecords) listener.records.set(key, bytes)
      listener.later.clear()
      listener.laterRecords.clear()
      void this.#hear(peer, listener)
    }
  }

  receive(from: PeerId, control: Extract<Control, { kind: 'masters' | 'drives' }>): void {
    if (!this.#ports.isIn(from)) return
    const listener = this.#listenerOf(from)
    const { masters, records } = listener
    if (control.kind === 'masters') {
      for (const master of control.masters) if (masters.size < maxWaiting) masters.set(keyOf(master), master)
    } else {
      for (const bytes of control.records) if (records.size < maxWaiting) records.set(toHex(bytes), bytes)
    }
    void this.#hear(from, listener)
  }

  #listenerOf(peer: PeerId): Listener {
    const waiting = { masters: new Map(), records: new Map(), later: new Map(), laterRecords: new Map() }
    const listener = this.#listeners.get(peer) ?? { ...waiting, hasLog: false, knows: new Set(), isHeard: false }
    this.#listeners.set(peer, listener)
    return listener
  }

  #tellAll(): void {
    const all = this.#toTell()
    for (const [peer, listener] of this.#listeners) this.#tell(peer, listener, all)
  }

  #toTell(): ToTell {
    return { masters: this.#masters.toTell(), drives: this.#drives.toTell() }
  }

  #tell(peer: PeerId, listener: Listener, { masters, drives } = this.#toTell()): void {
    // Two that were apart may each have an epoch of one number, and a removal in only one of them. The first epoch is the same for all.
    if ((!listener.hasLog && this.#ports.epoch() > 0) || !this.#ports.isIn(peer)) return
    const { knows } = listener
    const unknown = <Value>(all: ReadonlyMap<string, Value>): Value[] =>
      [...all].flatMap(([name, value]) => (knows.has(name) ? [] : [value]))
    const controls = [...encodeMasters(unknown(masters)), ...encodeDrives(unknown(drives).map(({ bytes }) => bytes))]
    listener.knows = new Set([...masters.keys(), ...drives.keys()])
    for (const control of controls) this.#ports.send(peer, control)
  }

  async #hear(from: PeerId, listener: Listener): Promise<void> {
    if (listener.isHeard) return
    listener.isHeard = true
    try {
      while (listener.masters.size + listener.records.size > 0) {
        const masters = take(listener.masters)
        const records = take(listener.records)
        // What it said of the log before is placed first: it decides which epoch a master belongs to.
        await this.#ports.logPlaced()
        if (this.#isWith(from, listener)) this.#hearMasters(from, listener, masters)
        await this.#hearDrives(from, listener, records)
      }
    } finally {
      listener.isHeard = false
    }
  }

  #hearMasters(from: PeerId, listener: Listener, masters: readonly ToldMaster[]): void {
    const epoch = this.#ports.epoch()
    const news = masters.filter((master) => {
      if (master.epoch <= epoch) return this.#masters.hear(master, from)
      if (listener.later.size < maxWaiting) listener.later.set(keyOf(master), master)
      return false
    })
    listener.knows = new Set([...listener.knows, ...masters.map(keyOf).filter((key) => this.#masters.has(key))])
    if (news.length === 0) return
    this.#events.emit('mastersHeard', news)
    this.#passOn.ask()
  }

  async #hearDrives(from: PeerId, listener: Listener, records: readonly Octets[]): Promise<void> {
    const news: Octets[] = []
    for (const record of records) {
      if (!this.#isWith(from, listener)) break
      if (await this.#hearDrive(from, listener, record)) news.push(record)
    }
    if (news.length === 0 || this.#ports.scope.ended) return
    // Together: what follows from a drive is done for all of them at once.
    this.#events.emit('drivesHeard', news)
    this.#passOn.ask()
  }

  async #hearDrive(from: PeerId, listener: Listener, record: Octets): Promise<boolean> {
    const author = authorIn(record)
    if (author === undefined) return false
    if (!this.#ports.mayCount(author)) {
      if (listener.laterRecords.size < maxWaiting) listener.laterRecords.set(toHex(record), record)
      return false
    }
    const name = await this.#drives.hear(record, from)
    if (name === undefined) return false
    listener.knows = new Set([...listener.knows, name])
    return true
  }

  #isWith(peer: PeerId, listener: Listener): boolean {
    return !this.#ports.scope.ended && this.#listeners.get(peer) === listener && this.#ports.isIn(peer)
  }
}

function take<Value>(waiting: Map<string, Value>): Value[] {
  const taken = [...waiting.values()]
  waiting.clear()
  return taken
}
