import { toHex } from '../bytes/index.ts'
import type { RemoteParty, SecureChannel } from '../channel/index.ts'
import { LimitError, UsageError } from '../errors/index.ts'
import type { DeviceIdentity, IdentityId, IdentityRecord, RoomIdentity } from '../identity/index.ts'
import { Emitter, type Scope, type Undo } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { CarrierStream, Roads } from '../signalling/index.ts'
import type { IncomingCall, OutgoingCall } from './calls.ts'
import { cross } from './crossing.ts'
import { Doorway } from './doorway.ts'
import { Incoming, type Asking } from './incoming.ts'
import { maxOutgoingCalls, maxRingingCalls, maxTalkLines, maxTalkSearches } from './limits.ts'
import { Outgoing, type CallTerms } from './outgoing.ts'
import { channelIdentity, isUpToDate, personBehind } from './parties.ts'
import { RequestLimits } from './request-limits.ts'
import { encodeRingFrame } from './ring-frame.ts'
import { ringKeys } from './ring-keys.ts'
import { Standing } from './standing.ts'
import { ChannelTalkLine, type TalkLine } from './talk-line.ts'
import { TalkSearch } from './talk-search.ts'

/** What happens when somebody calls: a contact rings, a stranger is noted, whoever is refused hears nothing at all. */
export type CallerVerdict = 'ring' | 'request' | 'refuse'

export interface RingerPorts {
  readonly clock: Clock
  readonly random: Random
  readonly roads: Roads
  /** Its end stops listening and ends every call. */
  readonly scope: Scope
  readonly device: DeviceIdentity
  /** Our own latest record; it must list `device`. Read when it is shown. */
  readonly record: () => IdentityRecord
  /** What we call ourselves. Read when it is shown, and only to contacts that we call. */
  readonly name: () => string
  /** The latest record of this identity that we have met, accepted or not: an older one, or another of the same number, is refused. */
  readonly known: (id: IdentityId) => IdentityRecord | undefined
  /** Judges a caller by a genuine record; must have no effects, for the caller has not finished proving itself. */
  judge(caller: IdentityRecord): CallerVerdict
}

export interface RingerEvents {
  /** A contact rings: the only way anything rings. */
  incoming: (call: IncomingCall) => void
  /** Somebody who is no contact would like to talk, and was told that this is noted. Rate-limited. */
  requested: (request: { readonly record: IdentityRecord; readonly name: string }) => void
  /** A genuine record was shown by a device that has proven to be on it. */
  recordMet: (record: IdentityRecord) => void
}

/** Direct calls by public key, in both directions, on one device. */
export class Ringer {
  readonly #ports: RingerPorts
  readonly #identity: RoomIdentity
  readonly #limits: RequestLimits
  readonly #events = new Emitter<RingerEvents>()
  readonly #outgoing = new Map<IdentityId, Outgoing>()
  readonly #incoming = new Map<IdentityId, Incoming>()
  /** Opened by others, by device key. */
  readonly #talks = new Map<string, ChannelTalkLine>()
  #searches = 0
  #takesTalk: ((line: TalkLine) => void) | undefined
  #busy = false
  #listening: Promise<void> | undefined

  constructor(ports: RingerPorts) {
    this.#ports = ports
    this.#identity = channelIdentity(ports.device)
    this.#limits = new RequestLimits(ports.clock)
  }

  /** Makes this device reachable for calls, until the scope ends. Resolves when it is being announced. */
  listen(): Promise<void> {
    this.#listening ??= this.#listen()
    return this.#listening
  }

  /** While busy, contacts who call hear so, and nothing rings. */
  setBusy(busy: boolean): void {
    this.#busy = busy
  }

  /**
   * Calls somebody on all their devices. If they call us at the same time, one call results: see `cross`.
   * @throws {UsageError} `own-identity`, `already-calling`
   * @throws {LimitError} `too-many-calls`
   */
  call(contact: IdentityRecord, terms: CallTerms): OutgoingCall {
    const { roads, clock, random, scope, record, name } = this.#ports
    if (contact.id === record().id) throw new UsageError('own-identity', 'nobody can call themselves')
    if (this.#outgoing.has(contact.id)) throw new UsageError('already-calling', 'this contact is being called')
    if (this.#outgoing.size >= maxOutgoingCalls) throw new LimitError('too-many-calls', 'too many calls at once')
    const recordMet = (met: IdentityRecord): void => {
      this.#events.emit('recordMet', met)
    }
    const call = new Outgoing(
      { roads, clock, random, scope, identity: this.#identity, record, name, recordMet },
      contact,
      terms,
    )
    this.#keep(this.#outgoing, contact.id, call)
    return call
  }

  /**
   * Looks for devices of a contact that are online and gives a line to each, as long as the undo is not called: that ends the search and its lines.
   * @throws {UsageError} `own-identity`; {LimitError} `too-many-searches`.
   */
  talk(contact: IdentityRecord, opened: (line: TalkLine) => void): Undo {
    const { record } = this.#ports
    if (contact.id === record().id) throw new UsageError('own-identity', 'nobody talks to themselves')
    if (this.#searches >= maxTalkSearches) throw new LimitError('too-many-searches', 'too many are looked for at once')
    this.#searches += 1
    const scope = this.#ports.scope.child()
    scope.onEnd(() => {
      this.#searches -= 1
    })
    const recordMet = (met: IdentityRecord): void => {
      this.#events.emit('recordMet', met)
    }
    const search = new TalkSearch({ ...this.#ports, scope, identity: this.#identity, recordMet, opened }, contact)
    // Where the platform cannot derive keys nobody is found, as where nobody is online.
    search.start().catch(() => undefined)
    return () => {
      scope.end()
    }
  }

  /**
   * Takes over the lines for messages that devices of contacts open, until the undo. Without anybody to take them they are refused, so that nobody talks
   * to an empty room.
   */
  answerTalk(take: (line: TalkLine) => void): Undo {
    this.#takesTalk = take
    return () => {
      if (this.#takesTalk === take) this.#takesTalk = undefined
    }
  }

  on<K extends keyof RingerEvents>(event: K, listener: RingerEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  async #listen(): Promise<void> {
    const { roads, clock, random, scope, record } = this.#ports
    const keys = await ringKeys(record().publicKey)
    const doorway = new Doorway({
      keys,
      identity: this.#identity,
      record,
      clock,
      random,
      scope,
      admit: (remote) => this.#admit(remote),
      asked: (asking) => {
        this.#asked(asking)
      },
      talks: (from, channel) => {
        this.#talked(from, channel)
      },
    })
    const incoming = (stream: CarrierStream): void => void doorway.accept(stream)
    const standing: Promise<void>[] = []
    roads.follow(scope, clock, (carrier, ofRoad) => {
      const follow = new Standing({ carrier, keys, clock, scope: ofRoad, incoming }).follow()
      // A road that begins later is waited for by nobody; it tries again by itself.
      follow.catch(() => undefined)
      standing.push(follow)
    })
    await Promise.all(standing)
  }

  async #admit(remote: RemoteParty): Promise<IdentityRecord | undefined> {
    const { clock, record, known } = this.#ports
    const caller = await personBehind(remote, clock.now())
    if (caller === undefined || caller.id === record().id || !isUpToDate(caller, known(caller.id))) return undefined
    const verdict = this.#verdictOn(caller)
    return verdict !== 'refuse' && this.#limits.admits(caller.id, verdict) ? caller : undefined
  }

  /** Whom the user is calling may ring, contact or not. */
  #verdictOn(caller: IdentityRecord): CallerVerdict {
    const verdict = this.#ports.judge(caller)
    return verdict === 'request' && this.#outgoing.has(caller.id) ? 'ring' : verdict
  }

  #asked(asking: Asking): void {
    const { from, line } = asking
    // The world may have changed since the handshake, by other callers or by the user.
    const verdict = this.#verdictOn(from)
    if (verdict === 'refuse' || !this.#limits.take(from.id, verdict)) {
      line.hangUp('left')
      return
    }
    this.#events.emit('recordMet', from)
    if (verdict === 'ring') this.#ring(asking)
    else {
      line.say({ kind: 'noted' })
      line.hangUp('left')
      this.#events.emit('requested', { record: from, name: asking.name })
    }
  }

  /** Messages are for contacts: whoever is none gets no word, and may ring to be noted. */
  #talked(from: IdentityRecord, channel: SecureChannel): void {
    const device = toHex(channel.remote.publicKey)
    const before = this.#talks.get(device)
    const isFull = before === undefined && this.#talks.size >= maxTalkLines
    const take = this.#takesTalk
    if (take === undefined || isFull || this.#verdictOn(from) !== 'ring') {
      channel.close('left')
      return
    }
    this.#events.emit('recordMet', from)
    channel.send(encodeRingFrame({ kind: 'talk' }))
    const line = new ChannelTalkLine(channel, from, this.#ports.scope)
    this.#talks.set(device, line)
    channel.on('closed', () => {
      if (this.#talks.get(device) === line) this.#talks.delete(device)
    })
    // The same device again, since it has lost its line.
    before?.close()
    take(line)
  }

  #ring(asking: Asking): void {
    const { clock, scope, record } = this.#ports
    const { from, device, line } = asking
    const ours = this.#outgoing.get(from.id)
    const before = this.#incoming.get(from.id)
    if (before === undefined ? this.#isFull(ours) : before.device !== device) {
      line.say({ kind: 'busy' })
      line.hangUp('left')
      return
    }
    // The same device again, since it has lost its line.
    before?.drop()
    const theirs = new Incoming(asking, { clock, scope })
    this.#keep(this.#incoming, from.id, theirs)
    const show = (): void => {
      this.#events.emit('incoming', theirs)
    }
    if (ours === undefined) show()
    else cross({ ours, theirs, oursStands: toHex(record().publicKey) < toHex(from.publicKey), clock, scope, show })
  }

  /** Whom the user is calling is heard in any case. */
  #isFull(ours: Outgoing | undefined): boolean {
    return ours === undefined && (this.#busy || this.#incoming.size >= maxRingingCalls)
  }

  /** Knows a call until it is over. */
  #keep<Call extends Incoming | Outgoing>(calls: Map<IdentityId, Call>, id: IdentityId, call: Call): void {
    if (call.over) return
    calls.set(id, call)
    call.subscribe(() => {
      if (call.over && calls.get(id) === call) calls.delete(id)
    })
  }
}
