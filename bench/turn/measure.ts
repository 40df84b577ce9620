import type { TurnContender } from './servers.ts'
import { RelayedClient, type Transport } from './relayed-client.ts'

export interface TurnFigures {
  readonly packetsPerSecond: number
  readonly megabitsPerSecond: number
  /** CPU time of the server for one packet from client to client. */
  readonly cpuMicroseconds: number
  /** Of packets sent. */
  readonly lostShare: number
  readonly roundTripMs: readonly number[]
}

/** What media and SCTP fill. */
const packetBytes = 1_200
/** Packets under way: enough to keep both processes busy, few enough for the socket buffers. */
const window = 64
const floodMs = 3_000
const pings = 2_000
/** A packet that is not here by then is lost. */
const lossMs = 100

/** Floods one way with a fixed window. */
async function flood(from: RelayedClient, to: RelayedClient, server: TurnContender) {
  const frame = RelayedClient.frame(new Uint8Array(packetBytes))
  let [sent, received, lost] = [0, 0, 0]
  let lastAt = performance.now()
  const fill = (): void => {
    for (; sent - received - lost < window; sent += 1) from.send(frame)
  }
  to.onData = () => {
    received += 1
    lastAt = performance.now()
    fill()
  }
  const cpuBefore = server.cpuMs()
  const startedAt = performance.now()
  fill()
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const now = performance.now()
      if (now - startedAt >= floodMs) {
        clearInterval(timer)
        to.onData = () => undefined
        done()
      } else if (now - lastAt > lossMs) {
        lost = sent - received
        lastAt = now
        fill()
      }
    }, 10)
  })
  const seconds = (performance.now() - startedAt) / 1_000
  return {
    packetsPerSecond: received / seconds,
    megabitsPerSecond: (received * packetBytes * 8) / seconds / 1e6,
    cpuMicroseconds: ((server.cpuMs() - cpuBefore) * 1_000) / received,
    lostShare: lost / sent,
  }
}

/** One packet there and back, one after the other. */
async function roundTrips(from: RelayedClient, to: RelayedClient): Promise<number[]> {
  const frame = RelayedClient.frame(new Uint8Array(packetBytes))
  const times: number[] = []
  to.onData = () => to.send(frame)
  for (let ping = 0; ping < pings; ping += 1) {
    const startedAt = performance.now()
    await new Promise<void>((back) => {
      from.onData = () => back()
      from.send(frame)
    })
    times.push(performance.now() - startedAt)
  }
  from.onData = () => undefined
  return times
}

/** Two clients of one server, each behind its relay, as two people are whose only way is the relay. */
export async function measure(server: TurnContender, transport: Transport): Promise<TurnFigures> {
  const [near, far] = [await RelayedClient.open(server, transport), await RelayedClient.open(server, transport)]
  await near.bind(far)
  await far.bind(near)
  const roundTripMs = await roundTrips(near, far)
  const figures = await flood(near, far, server)
  near.close()
  far.close()
  return { ...figures, roundTripMs }
}
