import { readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second on every platform that we run on. */
const msPerTick = 10

/** What a process uses, by /proc. */
export class ProcessUse {
  readonly #pid: number
  #peakBytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(pid: number) {
    this.#pid = pid
  }

  /** Resident memory now. */
  get bytes(): number {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1_024
  }

  /** Processor time so far. */
  get cpuMs(): number {
    const text = readFileSync(`/proc/${this.#pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * msPerTick
  }

  /** Looks ten times a second from now on. */
  watch(): void {
    this.#peakBytes = this.bytes
    this.#timer = setInterval(() => {
      this.#peakBytes = Math.max(this.#peakBytes, this.bytes)
    }, 100)
  }

  /** The largest that was seen since `watch`. */
  peakBytes(): number {
    clearInterval(this.#timer)
    return Math.max(this.#peakBytes, this.bytes)
  }
}
