import { expect, it } from 'vitest'
import { superviseProcess, type Logger, type ProcessPort } from './index.ts'
import { drainMs, sameWishMs, stopDeadlineMs } from './supervise-process.ts'

class FakeProcess implements ProcessPort {
  readonly listeners = new Map<string, (...args: unknown[]) => void>()
  readonly exits: number[] = []
  exitCode: number | undefined
  time = 0
  timers: { at: number; run: () => void }[] = []

  on(event: string, listener: (...args: unknown[]) => void): void {
    this.listeners.set(event, listener)
  }
  exit(code: number): void {
    this.exits.push(code)
  }
  setExitCode(code: number): void {
    this.exitCode = code
  }
  now(): number {
    return this.time
  }
  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.time + delayMs, run }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }
  send(event: string, ...args: unknown[]): void {
    this.listeners.get(event)?.(...args)
  }
  pass(ms: number): void {
    this.time += ms
    const due = this.timers.filter(({ at }) => at <= this.time)
    this.timers = this.timers.filter(({ at }) => at > this.time)
    for (const { run } of due) run()
  }
}

function setUp(stop: () => Promise<void> = () => Promise.resolve()) {
  const port = new FakeProcess()
  const lines: string[] = []
  const log: Logger = { error: (line) => lines.push(line), warn: () => undefined, info: () => undefined }
  const stops: number[] = []
  const start = () => Promise.resolve({ stop: () => (stops.push(port.time), stop()) })
  return { port, lines, log, stops, started: superviseProcess(start, log, port) }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('%s stops once, with exit code 0', async (signal) => {
  const { port, stops, started } = setUp()
  await started
  port.send(signal)
  port.pass(sameWishMs - 1)
  port.send(signal)
  await settled()
  expect(stops).toHaveLength(1)
  expect([port.exitCode, port.exits]).toEqual([0, []])
  port.pass(drainMs)
  expect(port.exits).toEqual([0])
})

it('ends at once on a second wish', async () => {
  const { port, started } = setUp(() => new Promise(() => undefined))
  await started
  port.send('SIGINT')
  port.pass(sameWishMs)
  port.send('SIGINT')
  expect(port.exits).toEqual([130])
})

it('cuts off a stop that hangs', async () => {
  const { port, started, lines } = setUp(() => new Promise(() => undefined))
  await started
  port.send('SIGTERM')
  port.pass(stopDeadlineMs)
  expect(port.exits).toEqual([1])
  expect(lines).toEqual(['Stopping took too long; ending now.'])
})

it('ends in order with exit code 1 after a failure that nobody handled', async () => {
  const { port, stops, started, lines } = setUp()
  await started
  port.send('unhandledRejection', new TypeError('from 203.0.113.7'))
  port.send('uncaughtException', new TypeError('from 203.0.113.7'))
  await settled()
  expect(stops).toHaveLength(1)
  expect(port.exitCode).toBe(1)
  expect(lines.join()).not.toContain('203.0.113.7')
})

it('says 1 when stopping fails', async () => {
  const { port, started, lines } = setUp(() => Promise.reject(new TypeError('x')))
  await started
  port.send('SIGINT')
  await settled()
  expect(port.exitCode).toBe(1)
  expect(lines[0]).toMatch(/^Stopping failed: TypeError/)
})

it('stops what is still starting', async () => {
  const port = new FakeProcess()
  const log: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined }
  let finish: (running: { stop: () => Promise<void> }) => void = () => undefined
  let stopped = false
  const started = superviseProcess(() => new Promise((resolve) => (finish = resolve)), log, port)
  port.send('SIGINT')
  finish({
    stop: () => {
      stopped = true
      return Promise.resolve()
    },
  })
  await started
  await settled()
  expect([stopped, port.exitCode]).toEqual([true, 0])
})

it('rejects with what the start rejected with', async () => {
  const port = new FakeProcess()
  const log: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined }
  const fault = new TypeError('x')
  await expect(superviseProcess(() => Promise.reject(fault), log, port)).rejects.toBe(fault)
  expect(port.exitCode).toBe(1)
  port.pass(drainMs)
  expect(port.exits).toEqual([1])
})
