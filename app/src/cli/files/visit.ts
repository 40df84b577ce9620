import { importSeed, TransportError, UsageError, type Room } from '@p2pigeon/core'
import { DataRoom, localWork, passingMemory, Scope, sessionKey } from '@p2pigeon/core/files'
import type { Clock, Random } from '@p2pigeon/core/node'
import { calm } from './calm.ts'
import { FilesMemory } from './files-memory.ts'
import type { Slot } from './sealed-memory.ts'
import { TidyStore } from './tidy-store.ts'

/** Nothing new for this long after everything was read: then that is the picture, ms. */
const quietMs = 1_000
/** The same for a room of which nobody has told us anything, before we begin its files, ms. */
const quietAloneMs = 3_000
/** What was written goes out to members before we leave, ms. */
const farewellMs = 1_000
/** What was given up is cleared at the node within this, ms. */
const tidyMs = 3_000

export interface VisitPorts {
  readonly room: Room
  /** Origin of the node. */
  readonly node: string
  readonly seed: Uint8Array<ArrayBuffer>
  /** Where masters and drives are remembered; undefined: for this command only. */
  readonly memory: Slot | undefined
  readonly clock: Clock
  readonly random: Random
  /** Ends what waits. */
  readonly signal: AbortSignal
}

/** What is to be seen of the room's files: all of it, some of it, or nothing that anybody has told of. */
export type Known = 'whole' | 'partial' | 'nothing'

/** The files of a room, open for one command. */
export class Visit {
  readonly files: DataRoom
  readonly room: Room
  readonly #ports: VisitPorts
  readonly #memory: FilesMemory
  readonly #store: TidyStore
  readonly #scope: Scope

  private constructor(ports: VisitPorts, files: DataRoom, memory: FilesMemory, store: TidyStore, scope: Scope) {
    this.#ports = ports
    this.room = ports.room
    this.files = files
    this.#memory = memory
    this.#store = store
    this.#scope = scope
  }

  /** @throws {UsageError} `memory-damaged`, and what `DataRoom.open` throws. */
  static async open(ports: VisitPorts): Promise<Visit> {
    const { room, node, seed, clock, random } = ports
    const scope = new Scope()
    const memory = new FilesMemory(ports.memory)
    const access = room.files
    try {
      const key = await sessionKey(await importSeed(seed), access.roomId)
      const store = new TidyStore({ url: node, key, clock, random, fetch: (...given) => fetch(...given) })
      const uploads = passingMemory()
      const files = await DataRoom.open({ ...access, store, work: localWork, clock, random, memory, uploads }, scope)
      return new Visit(ports, files, memory, store, scope)
    } catch (error) {
      scope.end()
      throw error
    }
  }

  /**
   * Waits until the files are read as far as anybody who is here tells of them.
   * @throws {TransportError} the node's code when it does not answer; what the signal says.
   */
  async known(waitMs: number): Promise<Known> {
    const isCalm = await calm({
      ...this.#calmPorts(waitMs),
      quietMs,
      isReady: () => this.#isRead() && this.#memory.knowsDrives,
    })
    if (isCalm) return 'whole'
    this.#needNode()
    return this.#memory.knowsDrives ? 'partial' : 'nothing'
  }

  /**
   * The same for whoever is going to write: a room of which nobody tells anything has no files yet.
   * @throws {UsageError} `reader` where we may not write; as `known`.
   */
  async writable(waitMs: number): Promise<Known> {
    const isCalm = await calm({
      ...this.#calmPorts(waitMs),
      quietMs: this.#memory.knowsDrives ? quietMs : quietAloneMs,
      isReady: () => this.#isRead() && this.files.view.mayWrite,
    })
    this.#needNode()
    if (!this.files.view.mayWrite)
      throw new UsageError('reader', 'You may read the files of this room and not change them.')
    return isCalm ? 'whole' : 'partial'
  }

  /** Ends it, after members had a moment to hear of what was written. */
  async close({ hasWritten }: { readonly hasWritten: boolean }): Promise<void> {
    const { clock } = this.#ports
    await Promise.race([this.#store.tidied(), after(clock, tidyMs)])
    const isHeard = this.room.view().participants.length > 0
    if (hasWritten && isHeard) await after(clock, farewellMs)
    this.#scope.end()
  }

  #calmPorts(waitMs: number) {
    const { clock, signal } = this.#ports
    return {
      ...{ clock, signal, waitMs },
      sources: [
        (changed: () => void) => this.files.on('viewChanged', changed),
        (changed: () => void) => this.#memory.onChange(changed),
        (changed: () => void) => this.room.subscribe(changed),
      ],
    }
  }

  #isRead(): boolean {
    const { node, pendingDrives } = this.files.view
    const { state, participants } = this.room.view()
    const isMet = state.kind === 'joined' && participants.every(({ connection }) => connection.kind !== 'connecting')
    return node.kind === 'ready' && pendingDrives === 0 && isMet
  }

  #needNode(): void {
    const { node } = this.files.view
    if (node.kind === 'unreachable') throw new TransportError(node.code, 'the node cannot be used')
    if (node.kind === 'opening') throw new TransportError('node-unreachable', 'the node does not answer')
  }
}

function after(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, () => {
      resolve()
    })
  })
}
