import { en } from './en.ts'
import { count } from './format.ts'

/** One cell, and how many leave in a second: what core sends in a room of constant rate. */
const cellBytes = 1_144
const cellsPerSecond = 4

export const constantRateCell = count(cellBytes)

/** What constant rate costs towards so many participants, in each direction, in whole kilobits per second. */
export function constantRateKilobits(participants: number): string {
  return count(Math.round((cellBytes * 8 * cellsPerSecond * participants) / 1_000))
}

/** The policy of a room in a few words. */
export function policyWords({
  privacy,
  constantRate,
  keepChat,
}: {
  readonly privacy: keyof typeof en.privacy.levels
  readonly constantRate: boolean
  readonly keepChat: boolean
}): string {
  return en.privacy.chosen(en.privacy.levels[privacy].name, constantRate, keepChat)
}
