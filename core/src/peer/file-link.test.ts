import { describe, expect, it } from 'vitest'
import { CodecError, LimitError } from '../errors/index.ts'
import { Scope } from '../lifetime/index.ts'
import type { FileChannel } from './file-channel.ts'
import { FileLink } from './file-link.ts'

/** A data channel that opens, closes and gives when told. */
class FakeChannel {
  readonly label: string
  readyState: RTCDataChannelState = 'connecting'
  binaryType = 'blob'
  bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onmessage: ((event: { readonly data: unknown }) => void) | null = null
  onbufferedamountlow: (() => void) | null = null
  readonly sent: Uint8Array[] = []

  constructor(label: string) {
    this.label = label
  }

  open(): this {
    this.readyState = 'open'
    this.onopen?.()
    return this
  }

  send(message: Uint8Array): void {
    this.sent.push(message.slice())
  }

  close(): void {
    this.readyState = 'closed'
  }

  give(...bytes: readonly number[]): void {
    this.onmessage?.({ data: new Uint8Array(bytes).buffer })
  }
}

function linked({ constantRate = false } = {}) {
  const made: FakeChannel[] = []
  const pc = {
    ondatachannel: null as ((event: { readonly channel: FakeChannel }) => void) | null,
    createDataChannel(label: string) {
      const channel = new FakeChannel(label)
      made.push(channel)
      return channel
    },
  }
  const opened: FileChannel[] = []
  const faults: unknown[] = []
  const scope = new Scope()
  const hooks = {
    opened: (channel: FileChannel) => opened.push(channel),
    failed: (error: unknown) => faults.push(error),
  }
  const link = new FileLink(pc as unknown as RTCPeerConnection, constantRate, hooks, scope)
  const come = (label = 'files'): FakeChannel => {
    const channel = new FakeChannel(label).open()
    pc.ondatachannel?.({ channel })
    return channel
  }
  return { link, made, opened, faults, scope, come }
}

function heard(channel: FileChannel | undefined) {
  const messages: number[][] = []
  const state = { closed: 0 }
  channel?.listen({
    received: (message) => messages.push([...message]),
    closed: () => {
      state.closed += 1
    },
  })
  return { messages, state }
}

describe('channels for files', () => {
  it('has none until one end asks, and sends nothing before the confirmation', async () => {
    const { link, made } = linked()
    await expect(link.open()).rejects.toMatchObject({ code: 'unreachable' })
    link.confirm()
    expect(made).toEqual([])
    const opening = link.open()
    made[0]?.open()
    const channel = await opening
    const { messages, state } = heard(channel)
    channel.send(Uint8Array.of(1, 2))
    made[0]?.give(3)
    expect([made[0]?.label, made[0]?.sent, messages]).toEqual(['files', [Uint8Array.of(1, 2)], [[3]]])
    made[0]?.onclose?.()
    channel.send(Uint8Array.of(4))
    await channel.drained()
    expect([state.closed, made[0]?.sent.length]).toEqual([1, 1])
    await expect(link.open()).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('shows nobody what comes before the confirmation, and then all of it in order', () => {
    const { link, opened, come } = linked()
    const channel = come()
    channel.give(1)
    channel.give(2)
    expect(opened).toEqual([])
    link.confirm()
    const { messages } = heard(opened[0])
    channel.give(3)
    expect(messages).toEqual([[1], [2], [3]])
  })

  it('ends the session with one that sends too much before, opens two, or breaks the rules', () => {
    const early = linked()
    const first = early.come()
    for (let sent = 0; sent <= 16; sent++) first.give(sent)
    expect(early.faults).toEqual([expect.any(LimitError)])

    const two = linked()
    two.come()
    two.come()
    expect(two.faults).toEqual([expect.any(CodecError)])

    const rules = linked()
    rules.link.confirm()
    const channel = rules.come()
    rules.opened[0]?.listen({
      received: () => {
        throw new CodecError('bad-value', 'as the test wishes')
      },
      closed: () => undefined,
    })
    channel.give(1)
    expect(rules.faults).toEqual([expect.any(CodecError)])
  })

  it('has none at a constant rate, and closes what it does not know', async () => {
    const constant = linked({ constantRate: true })
    constant.link.confirm()
    await expect(constant.link.open()).rejects.toMatchObject({ code: 'unreachable' })
    constant.come()
    expect([constant.faults.length, constant.opened.length]).toEqual([1, 0])
    const { come, faults, opened } = linked()
    expect([come('later').readyState, faults, opened]).toEqual(['closed', [], []])
  })

  it('ends with the session', async () => {
    const { link, made, opened, come, scope } = linked()
    link.confirm()
    const theirs = come()
    const { state } = heard(opened[0])
    const opening = link.open()
    scope.end()
    await expect(opening).rejects.toMatchObject({ code: 'unreachable' })
    expect([state.closed, theirs.readyState, made[0]?.readyState]).toEqual([1, 'closed', 'closed'])
    const late = { closed: 0 }
    opened[0]?.listen({ received: () => undefined, closed: () => (late.closed += 1) })
    expect(late.closed).toBe(1)
  })
})
