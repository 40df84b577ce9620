import { concat } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { CodecError, LimitError } from '../errors/index.ts'
import type { Scope } from '../lifetime/index.ts'
import { fractionOf, type Clock, type Random } from '../runtime/index.ts'

/** One cell: a whole SCTP packet, as large as every message of a room without constant rate. */
export const cellBytes = 1_144
/** One cell leaves in each of these, whether there is something to say or not. */
export const cellTickMs = 250
/** Part of a tick by which each cell is late, at random, so that clocks and loads of devices do not show in the pace. */
const jitterMs = 20
/** Bytes that may wait for their tick: about four minutes of it. More means that somebody uses the wrong kind of room. */
export const maxQueuedCellBytes = 1_048_576
/** Longest message that cells are put together to: a description of 32 KiB and a chat message of 16 KiB fit. */
export const maxCellMessageBytes = 65_536
/** Cells that the network may hold back before we let a tick pass: a path that is too slow for the pace. */
const maxHeldCells = 8

export type CellStream = 'control' | 'messages'

/** Order is wire format. */
const streams: readonly CellStream[] = ['control', 'messages']
/** u16 used. */
const cellHeadBytes = 2
/** u8 stream, u8 last, u16 length. */
const partHeadBytes = 4
const lastFlag = 1

export interface CellPorts {
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  /** Bytes that the platform holds back. */
  heldBytes(): number
  sendCell(cell: Uint8Array<ArrayBuffer>): void
  received(stream: CellStream, message: Uint8Array<ArrayBuffer>): void
}

/** The parts of a message that has not ended. */
interface Partial {
  readonly parts: Uint8Array[]
  bytes: number
}

/**
 * Constant rate: what is sent waits for its tick and leaves in cells of one size, real ones and empty ones alike, so that
 * who counts packets learns nothing from when and how much somebody writes. The pace never changes while the pipe lives.
 *
 * A cell is `u16 used || parts || zeros`; a part is `u8 stream || u8 last || u16 length || bytes`. A message is cut into
 * parts that follow each other; parts of the two streams may alternate.
 */
export class CellPipe {
  readonly #ports: CellPorts
  readonly #queue: { readonly stream: CellStream; readonly message: Uint8Array<ArrayBuffer>; sent: number }[] = []
  readonly #partial: Readonly<Record<CellStream, Partial>> = {
    control: { parts: [], bytes: 0 },
    messages: { parts: [], bytes: 0 },
  }
  #queuedBytes = 0
  #drainWaiters: (() => void)[] = []

  constructor(ports: CellPorts) {
    this.#ports = ports
    ports.scope.onEnd(() => {
      this.#queue.length = 0
      this.#release()
    })
    this.#tick()
  }

  /**
   * Sends a message of at most `maxCellMessageBytes` with the next ticks.
   * @throws {LimitError} `send-queue-full` when `maxQueuedCellBytes` wait already, `message-size`.
   */
  send(stream: CellStream, message: Uint8Array<ArrayBuffer>): void {
    if (message.length > maxCellMessageBytes) throw new LimitError('message-size', 'the message is too long for cells')
    if (this.#queuedBytes + message.length > maxQueuedCellBytes) {
      throw new LimitError('send-queue-full', 'more waits than the pace of the room can carry')
    }
    this.#queue.push({ stream, message: message.slice(), sent: 0 })
    this.#queuedBytes += message.length
  }

  /** @throws {CodecError} on anything that is not a cell of ours. */
  receive(cell: Uint8Array): void {
    if (cell.length !== cellBytes) throw new CodecError('bad-value', 'no cell has this size')
    const content = new Reader(contentOf(cell))
    while (content.remaining > 0) {
      const stream = streams[content.u8()]
      const last = content.u8()
      const bytes = content.bytes16(cellBytes)
      if (stream === undefined || last > lastFlag) throw new CodecError('bad-value', 'unknown part of a cell')
      this.#take(stream, bytes, last === lastFlag)
    }
  }

  /** Sends what waits now, as far as one cell holds it; only for the last word before the end. */
  flush(): void {
    this.#send()
  }

  /** Resolves when nothing waits. */
  drained(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#drainWaiters.push(resolve))
  }

  #tick(): void {
    const { clock, random, scope } = this.#ports
    const lateMs = fractionOf(random) * jitterMs
    const every = scope.onEnd(
      clock.after(cellTickMs, () => {
        every()
        this.#tick()
      }),
    )
    const once = scope.onEnd(
      clock.after(lateMs, () => {
        once()
        this.#send()
      }),
    )
  }

  #send(): void {
    if (this.#ports.heldBytes() > maxHeldCells * cellBytes) return
    const writer = new Writer()
    let room = cellBytes - cellHeadBytes
    for (const next of this.#queue) {
      if (room <= partHeadBytes) break
      const length = Math.min(room - partHeadBytes, next.message.length - next.sent)
      const end = next.sent + length
      writer.u8(streams.indexOf(next.stream)).u8(end === next.message.length ? lastFlag : 0)
      writer.bytes16(next.message.subarray(next.sent, end))
      next.sent = end
      room -= partHeadBytes + length
    }
    while (this.#queue[0] !== undefined && this.#queue[0].sent === this.#queue[0].message.length) {
      this.#queuedBytes -= this.#queue.shift()?.message.length ?? 0
    }
    const content = writer.finish()
    const cell = new Uint8Array(cellBytes)
    new DataView(cell.buffer).setUint16(0, content.length)
    cell.set(content, cellHeadBytes)
    this.#ports.sendCell(cell)
    if (this.#queue.length === 0) this.#release()
  }

  #take(stream: CellStream, bytes: Uint8Array<ArrayBuffer>, last: boolean): void {
    const partial = this.#partial[stream]
    partial.parts.push(bytes)
    partial.bytes += bytes.length
    if (partial.bytes > maxCellMessageBytes) throw new CodecError('too-long', 'the parts make too long a message')
    if (!last && bytes.length === 0) throw new CodecError('bad-value', 'an empty part leads nowhere')
    if (!last) return
    const message = concat(...partial.parts.splice(0))
    partial.bytes = 0
    this.#ports.received(stream, message)
  }

  #release(): void {
    for (const release of this.#drainWaiters.splice(0)) release()
  }
}

/** The used part; the rest must be zeros, so that cells carry no hidden channel. */
function contentOf(cell: Uint8Array): Uint8Array {
  const end = cellHeadBytes + new DataView(cell.buffer, cell.byteOffset).getUint16(0)
  if (end > cell.length) throw new CodecError('bad-padding', 'the cell is not well formed')
  let rest = 0
  for (let index = end; index < cell.length; index++) rest |= cell[index] ?? 0
  if (rest !== 0) throw new CodecError('bad-padding', 'the cell is not well formed')
  return cell.subarray(cellHeadBytes, end)
}
