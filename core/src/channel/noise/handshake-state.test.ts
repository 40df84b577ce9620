import { describe, expect, it } from 'vitest'
import { HandshakeState, type HandshakeOptions } from './handshake-state.ts'
import { XXpsk3 } from './pattern.ts'
import { webSuite } from './web-suite.ts'

const empty = new Uint8Array(0)
const payload = new TextEncoder().encode('payload')
const failure = { name: 'AuthenticationError', code: 'handshake-failed' }
const psk = new Uint8Array(32).fill(7)

async function ends(changes: Partial<HandshakeOptions> = {}): Promise<[HandshakeState, HandshakeState]> {
  const common = { suite: webSuite, pattern: XXpsk3, prologue: empty, psks: [psk] }
  return [
    await HandshakeState.initialize({ ...common, role: 'initiator', s: await webSuite.generateKeyPair() }),
    await HandshakeState.initialize({ ...common, role: 'responder', s: await webSuite.generateKeyPair(), ...changes }),
  ]
}

/** Runs the handshake up to message `index` and returns that message with its reader. */
async function upTo(index: number, [initiator, responder]: [HandshakeState, HandshakeState]) {
  let [writer, reader] = [initiator, responder]
  for (let at = 0; at < index; at++) {
    await reader.readMessage(await writer.writeMessage(payload))
    ;[writer, reader] = [reader, writer]
  }
  return { message: await writer.writeMessage(payload), reader }
}

describe('HandshakeState', () => {
  it('gives both ends the same hash and ciphers that meet', async () => {
    const pair = await ends()
    const { message, reader } = await upTo(2, pair)
    expect(await reader.readMessage(message)).toEqual(payload)
    expect(pair[0].handshakeHash()).toEqual(pair[1].handshakeHash())
    const [a, b] = await Promise.all(pair.map((end) => end.split(10n, (ck) => ck.slice())))
    expect(a?.derived).toEqual(b?.derived)
    expect(await b?.receive.decryptWithAd(empty, (await a?.send.encryptWithAd(empty, payload)) ?? empty)).toEqual(
      payload,
    )
    expect(await a?.receive.decryptWithAd(empty, (await b?.send.encryptWithAd(empty, payload)) ?? empty)).toEqual(
      payload,
    )
  })

  it.each([0, 1, 2])(
    'B1: message %i fails with any byte flipped, and the object is unusable afterwards',
    async (index) => {
      const length = (await upTo(index, await ends())).message.length
      for (let at = 0; at < length; at++) {
        const { message, reader } = await upTo(index, await ends())
        const flipped = message.slice()
        flipped[at] = (flipped[at] ?? 0) ^ 0x80
        await expect(reader.readMessage(flipped), `byte ${at}`).rejects.toMatchObject(failure)
        await expect(reader.readMessage(message)).rejects.toMatchObject({ code: 'handshake-order' })
        await expect(reader.writeMessage(empty)).rejects.toMatchObject({ code: 'handshake-order' })
        await expect(reader.split(1n, () => undefined)).rejects.toMatchObject({ code: 'handshake-order' })
      }
    },
  )

  it.each([0, 1, 2])('refuses message %i when it is shortened or lengthened', async (index) => {
    const length = (await upTo(index, await ends())).message.length
    for (const cut of [0, 1, 31, 32, length - 1]) {
      const { message, reader } = await upTo(index, await ends())
      await expect(reader.readMessage(message.subarray(0, cut))).rejects.toMatchObject(failure)
    }
    const { message, reader } = await upTo(index, await ends())
    const longer = new Uint8Array(message.length + 1)
    longer.set(message)
    await expect(reader.readMessage(longer)).rejects.toMatchObject(failure)
  })

  it('B8: refuses a message above 65,535 bytes, to read and to write', async () => {
    const [initiator, responder] = await ends()
    await expect(responder.readMessage(new Uint8Array(65_536))).rejects.toMatchObject(failure)
    await expect(initiator.writeMessage(new Uint8Array(65_536))).rejects.toMatchObject({ code: 'handshake-size' })
  })

  it('B2: a different prologue fails at the first encrypted payload', async () => {
    const { message, reader } = await upTo(0, await ends({ prologue: payload }))
    await expect(reader.readMessage(message)).rejects.toMatchObject(failure)
  })

  it('B3: a different pre-shared key fails at message 3', async () => {
    const { message, reader } = await upTo(2, await ends({ psks: [new Uint8Array(32)] }))
    await expect(reader.readMessage(message)).rejects.toMatchObject(failure)
  })

  it('refuses a public key that gives no secret', async () => {
    const { reader } = await upTo(1, await ends())
    await expect(reader.readMessage(new Uint8Array(200))).rejects.toMatchObject(failure)
  })

  it('takes each step once, in turn, one at a time', async () => {
    const [initiator, responder] = await ends()
    const order = { name: 'UsageError', code: 'handshake-order' }
    await expect(initiator.readMessage(empty)).rejects.toMatchObject(order)
    await expect(responder.writeMessage(empty)).rejects.toMatchObject(order)
    await expect(initiator.split(1n, () => undefined)).rejects.toMatchObject(order)
    const first = initiator.writeMessage(empty)
    await expect(initiator.writeMessage(empty)).rejects.toMatchObject(order)
    await responder.readMessage(await first)
    await expect(responder.readMessage(await first)).rejects.toMatchObject(order)
  })

  it('says when the pattern needs a key that is missing', async () => {
    const options = { suite: webSuite, pattern: XXpsk3, role: 'initiator', prologue: empty } as const
    const lonely = await HandshakeState.initialize(options)
    const other = (await ends())[1]
    await other.readMessage(await lonely.writeMessage(empty))
    await lonely.readMessage(await other.writeMessage(empty))
    await expect(lonely.writeMessage(empty)).rejects.toMatchObject({ code: 'handshake-key' })
  })
})
