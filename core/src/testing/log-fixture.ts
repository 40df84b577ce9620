import { fromHex, toHex } from '../bytes/index.ts'
import { ControlLog, type Commitment, type Entry, type EntryHash, type Operation } from '../control-log/index.ts'
import type { EntryBody } from '../control-log/entry.ts'
import { EntryGraph } from '../control-log/entry-graph.ts'
import { fold } from '../control-log/fold.ts'
import type { LogState } from '../control-log/log-state.ts'
import { importSeed, peerIdOf, roomIdentity, type PeerId, type RoomIdentity } from '../identity/index.ts'
import { FakeClock } from './fake-clock.ts'

export const roomId = new Uint8Array(16).fill(7)
export const root = '0'.repeat(64) as EntryHash

/** Somebody whose signature nobody checks. */
export function peer(number: number): PeerId {
  return peerIdOf(new Uint8Array(32).fill(number))
}

export const host = peer(1)

let made = 0

/** An entry with a hash of its own and no bytes: what graph and fold look at. */
export function unsigned(body: EntryBody): Entry {
  made += 1
  // Odd multiplier: hashes sort in no order that anybody meant.
  const name = Math.imul(made, 0x9e3779b1) >>> 0
  const hash = `${name.toString(16).padStart(8, '0')}${made.toString(16).padStart(56, '0')}` as EntryHash
  return { ...body, hash, bytes: new Uint8Array() }
}

/** Where an author puts an entry that knows of `own`, its own last one, and of others' entries. */
export function place(
  own: Entry | undefined,
  others: readonly Entry[] = [],
): Pick<EntryBody, 'seq' | 'previous' | 'parents' | 'lamport'> {
  return {
    seq: (own?.seq ?? 0) + 1,
    previous: own?.hash ?? root,
    parents: others.map(({ hash }) => hash).sort(),
    lamport: 1 + Math.max(own?.lamport ?? 0, ...others.map(({ lamport }) => lamport)),
  }
}

/** Writes unsigned entries, each after the author's one before unless told otherwise. */
export class Scribe {
  readonly #last = new Map<PeerId, Entry>()

  write(author: PeerId, operation: Operation, knowing: readonly Entry[] = [], after = this.#last.get(author)): Entry {
    const entry = unsigned({ ...place(after, knowing), author, timeMs: 0, operation })
    this.#last.set(author, entry)
    return entry
  }

  /** The host makes somebody a co-host. */
  grant(cohost: PeerId, knowing: readonly Entry[] = []): Entry {
    return this.write(host, { kind: 'cohost', peer: cohost, on: true }, knowing)
  }
}

export function graphOf(entries: readonly Entry[]): EntryGraph {
  const graph = new EntryGraph(root, host)
  for (const entry of entries) graph.add(entry)
  return graph
}

export function stateOf(...entries: readonly Entry[]): LogState {
  return fold(graphOf(entries), host)
}

export async function person(number: number): Promise<RoomIdentity> {
  return roomIdentity(await importSeed(new Uint8Array(32).fill(number)), roomId)
}

/** A log on one device of a room that `hostKey` rules. */
export function logOf(
  identity: RoomIdentity,
  hostKey: Uint8Array,
  ports: Partial<ConstructorParameters<typeof ControlLog>[0]> = {},
): ControlLog {
  return new ControlLog({
    roomId,
    root,
    identity,
    isHost: async (key) => toHex(key) === toHex(hostKey),
    clock: new FakeClock(),
    keep: async () => undefined,
    changed: () => undefined,
    ...ports,
  })
}

export function kick(target: PeerId, ban = false, members: readonly PeerId[] = []): Operation {
  return { kind: 'rekey', commitment: commitment(9), members, removed: { peer: target, ban } }
}

export function admit(target: PeerId): Operation {
  return { kind: 'admit', peer: target, invite: undefined }
}

export function mute(target: PeerId, muted = true): Operation {
  return { kind: 'mute', peer: target, muted }
}

export function files(
  target: PeerId,
  right: 'editor' | 'reader',
  cuts: Extract<Operation, { kind: 'files' }>['cuts'] = [],
): Operation {
  return { kind: 'files', peer: target, right, cuts }
}

export function commitment(number: number): Commitment {
  return toHex(new Uint8Array(32).fill(number)) as Commitment
}

export function flipped(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const copy = fromHex(toHex(bytes))
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}
