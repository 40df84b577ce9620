import { unshared } from '../../../bytes/index.ts'
import { InternalError } from '../../../errors/index.ts'
import type { ObjectSource, PartRange } from '../../objects/index.ts'
import type { ReadPart } from '../../objects/index.ts'
import type { Octets, Part } from '../source.ts'
import { localWork, type NamedObject, type ObjectWork, type RangeReader, type SegmentMaker } from './object-work.ts'
import { PortCalls, type Answer, type Port } from './port-calls.ts'

/** What a page asks of its worker. `id` names one object that is being written or read. */
type ToWorker =
  | {
      readonly kind: 'write'
      readonly id: number
      readonly to: NamedObject
      readonly pledged: ReadonlyMap<number, Octets>
    }
  | { readonly kind: 'segment'; readonly id: number; readonly index: number }
  | { readonly kind: 'finish'; readonly id: number }
  | {
      readonly kind: 'open'
      readonly id: number
      readonly from: NamedObject & { readonly root: Octets }
    }
  | {
      readonly kind: 'read'
      readonly id: number
      readonly reading: number
      /** How many there are to ask for this. */
      readonly sources: number
      readonly start: number
      readonly end: number
    }
  | { readonly kind: 'close'; readonly id: number }

/** What a worker, which reaches no network and no file, asks of its page. `reading` names the read that this is for. */
type ToPage =
  | { readonly kind: 'plain'; readonly id: number; readonly start: number; readonly end: number }
  | { readonly kind: 'wrong'; readonly reading: number; readonly source: number }
  | {
      readonly kind: 'part'
      readonly reading: number
      readonly source: number
      readonly part: Part
      readonly range: PartRange | undefined
    }

/** Work done in the thread at the other end of `port`, where `serveWork` runs. `end` is for its owner, when that thread has ended. */
export function workOver(port: Port): ObjectWork & { end(): void } {
  const reads = new Map<number, ReadPart>()
  const open = new Set<number>()
  const readings = new Map<number, { readonly sources: readonly ObjectSource[]; readonly signal: AbortSignal }>()
  let made = 0
  const calls = new PortCalls<ToWorker, ToPage>(port, async (call) => {
    if (call.kind === 'plain') {
      const bytes = await known(reads.get(call.id))(call.start, call.end)
      return { answer: [unshared(bytes)], gives: true }
    }
    const { sources, signal } = known(readings.get(call.reading))
    const source = known(sources[call.source])
    if (call.kind === 'wrong') {
      source.gaveWrong?.()
      return { answer: [], gives: true }
    }
    return { answer: [await source.read(call.part, call.range, signal)], gives: true }
  })
  return {
    async write(to, read, pledged): Promise<SegmentMaker> {
      const id = ++made
      reads.set(id, read)
      const close = (): void => {
        if (reads.delete(id)) calls.call({ kind: 'close', id }).catch(() => undefined)
      }
      await calls.call({ kind: 'write', id, to, pledged }).catch((error: unknown) => {
        close()
        throw error
      })
      return {
        async segment(index) {
          const [bytes, hashes] = await calls.call({ kind: 'segment', id, index })
          return { index, bytes: known(bytes), hashes: known(hashes) }
        },
        async finish() {
          const [hashes, root] = await calls.call({ kind: 'finish', id })
          return { hashes: known(hashes), root: known(root) }
        },
        close,
      }
    },
    async open(from, given): Promise<RangeReader> {
      const id = ++made
      open.add(id)
      const close = (): void => {
        if (open.delete(id)) calls.call({ kind: 'close', id }).catch(() => undefined)
      }
      await calls.call({ kind: 'open', id, from }).catch((error: unknown) => {
        close()
        throw error
      })
      return {
        async read(start, end, signal) {
          const reading = ++made
          const sources = [...given]
          readings.set(reading, { sources, signal })
          try {
            const [bytes] = await calls.call({ kind: 'read', id, reading, sources: sources.length, start, end })
            return known(bytes)
          } catch (error) {
            signal.throwIfAborted()
            throw error
          } finally {
            readings.delete(reading)
          }
        },
        close,
      }
    },
    end: () => calls.end(),
  }
}

/** Does the work of the page at the other end of `port`, as long as this thread lives. */
export function serveWork(port: Port): void {
  const makers = new Map<number, SegmentMaker>()
  const readers = new Map<number, (call: Extract<ToWorker, { kind: 'read' }>) => Promise<Octets>>()
  const calls = new PortCalls<ToPage, ToWorker>(port, async (call) => ({ answer: await answer(call), gives: true }))

  const answer = async (call: ToWorker): Promise<Answer> => {
    switch (call.kind) {
      case 'write': {
        const { id } = call
        const read: ReadPart = async (start, end) => known((await calls.call({ kind: 'plain', id, start, end }))[0])
        makers.set(id, await localWork.write(call.to, read, call.pledged))
        return []
      }
      case 'segment': {
        const { bytes, hashes } = await known(makers.get(call.id)).segment(call.index)
        // The writer keeps the hashes for the root.
        return [bytes, hashes.slice()]
      }
      case 'finish': {
        const { hashes, root } = await known(makers.get(call.id)).finish()
        return [hashes, root]
      }
      case 'open': {
        readers.set(call.id, await readerOf(call.from))
        return []
      }
      case 'read':
        return [await known(readers.get(call.id))(call)]
      case 'close':
        makers.delete(call.id)
        readers.delete(call.id)
        return []
    }
  }

  /** Reads of one object are one after the other: the sources ask for the one that is on. */
  const readerOf = async (from: NamedObject & { readonly root: Octets }) => {
    let on = { reading: 0, sources: 0 }
    let last: Promise<unknown> = Promise.resolve()
    const sourceOf = (_: unknown, source: number): ObjectSource => ({
      read: async (part, range) =>
        known((await calls.call({ kind: 'part', reading: on.reading, source, part, range }))[0]),
      // Calls arrive in their order, so whoever is asked next knows it already.
      gaveWrong: () => void calls.call({ kind: 'wrong', reading: on.reading, source }).catch(() => undefined),
    })
    const sources = { [Symbol.iterator]: () => Array.from({ length: on.sources }, sourceOf).values() }
    const reader = await localWork.open(from, sources)
    // The page's signals end what the page does for this read, and with that the read.
    const { signal } = new AbortController()
    return (call: Extract<ToWorker, { kind: 'read' }>): Promise<Octets> => {
      const done = last.then(() => {
        on = call
        return reader.read(call.start, call.end, signal)
      })
      last = done.catch(() => undefined)
      return done
    }
  }
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new InternalError('worker-lost', 'the two threads do not know the same objects')
  return value
}
