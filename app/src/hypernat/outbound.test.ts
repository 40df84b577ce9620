import { describe, expect, it } from 'vitest'
import { defaultLimits } from './limits.ts'
import { Outbound, type Wire } from './outbound.ts'

/** A WebSocket that sends nothing until told to. */
class FakeWire implements Wire {
  readonly OPEN = 1
  readonly readyState = 1
  bufferedAmount = 0
  isPaused = false
  readonly #waiting: { readonly bytes: number; readonly flushed: () => void }[] = []

  send(message: Uint8Array, flushed: () => void): void {
    this.bufferedAmount += message.length
    this.#waiting.push({ bytes: message.length, flushed })
  }

  flush(count: number): void {
    for (const { bytes, flushed } of this.#waiting.splice(0, count)) {
      this.bufferedAmount -= bytes
      flushed()
    }
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }
}

function setup() {
  const wire = new FakeWire()
  let drained = 0
  const outbound = new Outbound(wire, { ...defaultLimits, holdAtMessages: 8, holdAtBytes: 1_000 }, () => (drained += 1))
  const pong = (count: number) => {
    for (let sent = 0; sent < count; sent++) outbound.send({ type: 'pong', id: 1 })
  }
  return { wire, outbound, pong, drained: () => drained }
}

describe('Outbound', () => {
  it('holds data back while the socket is full, and says once when it no longer is', () => {
    const { wire, outbound, pong, drained } = setup()
    pong(7)
    expect(outbound.writable).toBe(true)
    pong(1)
    expect(outbound.writable).toBe(false)
    wire.flush(6)
    expect([outbound.writable, drained()]).toEqual([false, 0])
    wire.flush(2)
    expect([outbound.writable, drained()]).toEqual([true, 1])
  })

  it('counts bytes as well as messages', () => {
    const { outbound } = setup()
    outbound.send({ type: 'data', id: 1, bytes: new Uint8Array(1_000) })
    expect(outbound.writable).toBe(false)
  })

  it('does not read a client that takes no answers, until it takes them', () => {
    const { wire, pong } = setup()
    pong(31)
    expect(wire.isPaused).toBe(false)
    pong(1)
    expect(wire.isPaused).toBe(true)
    wire.flush(32)
    expect(wire.isPaused).toBe(false)
  })
})
