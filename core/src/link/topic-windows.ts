import type { CarrierName, Topic } from '../signalling/index.ts'
import type { RoomKeys } from './room-link.ts'

const dayMs = 86_400_000
/** Clocks may differ by this much: near midnight (UTC) a device also stands under the neighbouring day's topic. */
const overlapMs = 2 * 3_600_000

/** The topics to stand under at `nowMs`: the day's, and near its ends the neighbour's. One or two. */
export async function topicWindows(keys: RoomKeys, carrier: CarrierName, nowMs: number): Promise<Topic[]> {
  const sinceMidnight = nowMs % dayMs
  const topics = [keys.topic(carrier, nowMs)]
  if (sinceMidnight < overlapMs) topics.push(keys.topic(carrier, nowMs, -1))
  if (sinceMidnight >= dayMs - overlapMs) topics.push(keys.topic(carrier, nowMs, 1))
  return Promise.all(topics)
}
