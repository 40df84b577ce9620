import type { Contender } from './contenders.ts'
import type { JoinPair, Pair } from './pair.ts'

/** About as long as a sealed description with its candidates. */
const messageBytes = 2_048
/** Rooms that are being joined at a time. */
const joining = 20
/** Messages of one pair under way at a time: less than a window of ours. */
const underWay = 32

export interface SignallingFigures {
  readonly roomsPerSecond: number
  /** How many one core of the server would do, if its process had nothing else. */
  readonly roomsPerCore: number
  readonly joinMs: readonly number[]
  readonly memoryPerRoom: number
  readonly messagesPerSecond: number
  readonly messagesPerCore: number
}

/** Joins so many rooms of two, leaves all open, then lets a part of them talk. */
export async function measure(
  server: Contender,
  join: JoinPair,
  sizes: { readonly rooms: number; readonly talking: number; readonly messages: number },
): Promise<SignallingFigures> {
  const pairs: Pair[] = []
  const joinMs: number[] = []
  const arrivals: (() => void)[] = []
  const memoryBefore = server.memoryBytes()
  let cpuBefore = server.cpuMs()
  let startedAt = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < sizes.rooms) {
      const nth = next++
      const since = performance.now()
      pairs[nth] = await join(server.url, nth, messageBytes, () => arrivals[nth]?.())
      joinMs.push(performance.now() - since)
    }
  }
  await Promise.all(Array.from({ length: joining }, worker))
  const roomSeconds = (performance.now() - startedAt) / 1_000
  const roomCpuMs = server.cpuMs() - cpuBefore
  const memoryPerRoom = (server.memoryBytes() - memoryBefore) / sizes.rooms

  cpuBefore = server.cpuMs()
  startedAt = performance.now()
  const talking = pairs.slice(0, sizes.talking)
  await Promise.all(
    talking.map(
      (pair, nth) =>
        new Promise<void>((resolve) => {
          let [sent, arrived] = [0, 0]
          const more = (): void => {
            while (sent < sizes.messages && sent - arrived < underWay) {
              sent += 1
              pair.send()
            }
          }
          arrivals[nth] = () => {
            arrived += 1
            if (arrived === sizes.messages) resolve()
            else more()
          }
          more()
        }),
    ),
  )
  const total = talking.length * sizes.messages
  const messageSeconds = (performance.now() - startedAt) / 1_000
  const messageCpuMs = server.cpuMs() - cpuBefore
  for (const pair of pairs) pair.close()
  return {
    roomsPerSecond: sizes.rooms / roomSeconds,
    roomsPerCore: (sizes.rooms * 1_000) / roomCpuMs,
    joinMs,
    memoryPerRoom,
    messagesPerSecond: total / messageSeconds,
    messagesPerCore: (total * 1_000) / messageCpuMs,
  }
}
