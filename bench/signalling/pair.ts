/** Two people in one room of a signalling server, as far as the server is concerned. */
export interface Pair {
  /** One message of the joiner; the host has it when `arrived` is called. */
  send(): void
  close(): void
}

/**
 * Joins two people: both connect, the joiner finds the host, and a first message of `bytes` bytes has gone each way. `arrived` hears of each later one.
 */
export type JoinPair = (url: string, nth: number, bytes: number, arrived: () => void) => Promise<Pair>
