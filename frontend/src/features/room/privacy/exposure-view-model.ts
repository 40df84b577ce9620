import type { CarrierName, Exposure, ExposureParty, PeerId } from '@p2pigeon/core'
import { Store, type Readable, type Undo } from '../../../state/index.ts'
import { text } from '../../../text/index.ts'

export interface ExposurePorts {
  readonly exposure: () => Promise<Exposure>
  readonly subscribe: (changed: () => void) => Undo
  readonly every: (ms: number, run: () => void) => Undo
}

export type ExposureState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly exposure: Exposure }
  /** It could not be read; the next try comes by itself. */
  | { readonly kind: 'failed' }

/** Between two questions at least this; reading the statistics of eight connections is not free. */
const tickMs = 500
/** Connections move without the room's picture changing: asked again after so many ticks. */
const ticksBetween = 6

/** Asks the room while it is shown: one question at a time, after each change and every three seconds. */
export class ExposureViewModel {
  readonly #ports: ExposurePorts
  readonly #state = new Store<ExposureState>({ kind: 'loading' })

  constructor(ports: ExposurePorts) {
    this.#ports = ports
  }

  get state(): Readable<ExposureState> {
    return this.#state
  }

  /** Begins asking; the undo ends it. */
  start(): Undo {
    const { exposure, subscribe, every } = this.#ports
    let wanted = true
    let asking = false
    let ticks = 0
    let changed = false
    const ask = async (): Promise<void> => {
      asking = true
      changed = false
      ticks = 0
      const next: ExposureState = await exposure().then(
        (known) => ({ kind: 'known', exposure: known }),
        () => ({ kind: 'failed' }),
      )
      asking = false
      if (wanted) this.#state.set(next)
    }
    const undoings = [
      subscribe(() => {
        changed = true
      }),
      every(tickMs, () => {
        ticks += 1
        if (!asking && (changed || ticks >= ticksBetween)) void ask()
      }),
      () => {
        wanted = false
      },
    ]
    void ask()
    return () => undoings.forEach((undo) => undo())
  }
}

export interface ExposureRow {
  readonly what: string
  readonly answer: string
  /** Whether the party learns it. */
  readonly learns: boolean
}

export interface ExposureCard {
  readonly key: string
  readonly kind: ExposureParty['kind']
  readonly title: string
  /** Where it is, or how it is reached. */
  readonly line: string
  readonly purpose: string | undefined
  readonly rows: readonly ExposureRow[]
}

/** One card for each party, in the room's order: who is in the room before what is on the way. */
export function cardsOf(
  { parties }: Exposure,
  roadOf: ReadonlyMap<PeerId, CarrierName> = new Map(),
): readonly ExposureCard[] {
  return parties.map((party, index) => {
    const { panel } = text.privacy
    const rows = rowsOf(party)
    if (party.kind === 'participant') {
      const { peerId, name, path } = party
      const road = roadOf.get(peerId)
      return {
        key: peerId,
        kind: party.kind,
        title: name || text.common.guest,
        line: road === undefined ? panel.paths[path] : panel.metBy(panel.paths[path], panel.roads.names[road]),
        purpose: undefined,
        rows,
      }
    }
    const { purpose } = panel.kinds[party.kind]
    if (party.kind === 'introducer') {
      const { name, line } = panel.kinds.introducer
      return { key: `introducer${party.peerId}`, kind: party.kind, title: name(party.name), line, purpose, rows }
    }
    const isTheirs = party.kind === 'turn' && party.host === undefined
    const name = isTheirs ? panel.kinds.turn.theirName : nameOf(party)
    const line = party.kind === 'stun' ? party.host : (party.host ?? panel.kinds[party.kind].theirs)
    return { key: `${party.kind}${index}`, kind: party.kind, title: name, line, purpose, rows }
  })
}

function nameOf(party: Exclude<ExposureParty, { kind: 'participant' | 'introducer' }>): string {
  const { panel } = text.privacy
  if (party.kind !== 'carrier') return panel.kinds[party.kind].name
  return panel.meetingPoint(panel.roads.names[party.road])
}

function rowsOf({ kind, learns }: ExposureParty): readonly ExposureRow[] {
  const { rows, address, yes, no, roomSize, never, meant } = text.privacy.panel
  const plain = (what: string, does: boolean): ExposureRow => ({ what, answer: does ? yes : no, learns: does })
  return [
    { what: rows.address, answer: address[learns.address], learns: learns.address !== 'no' },
    plain(rows.timing, learns.timing),
    plain(rows.peers, learns.peers),
    { what: rows.roomSize, answer: roomSize[learns.roomSize], learns: learns.roomSize !== 'no' },
    kind === 'participant'
      ? { what: rows.contents, answer: meant, learns: true }
      : { what: rows.contents, answer: never, learns: false },
  ]
}
