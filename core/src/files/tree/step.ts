import { fileName, nameKey } from '../../codec/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { DriveKey } from '../ids.ts'
import type { Batch, Op } from '../journal/index.ts'

/** An op in its place in the order of all. What it names is cleaned when somebody asks, and once. */
export class Step {
  readonly op: Op
  readonly drive: DriveKey
  readonly author: PeerId
  readonly batch: number
  readonly index: number
  #name: string | undefined
  #key: string | undefined

  constructor({ drive, author, number }: Omit<Batch, 'ops'>, index: number, op: Op) {
    this.op = op
    this.drive = drive
    this.author = author
    this.batch = number
    this.index = index
  }

  /** Clean, not yet the only one in its folder. */
  get name(): string {
    this.#name ??= fileName('name' in this.op ? this.op.name : '')
    return this.#name
  }

  get nameKey(): string {
    this.#key ??= nameKey(this.name)
    return this.#key
  }
}

/** One order of all ops for everybody: by clock, and by place where clocks are equal. Only the same op compares as equal. */
export function compareSteps(one: Step, other: Step): number {
  if (one.op.clock !== other.op.clock) return one.op.clock - other.op.clock
  if (one.drive !== other.drive) return one.drive < other.drive ? -1 : 1
  return one.batch - other.batch || one.index - other.index
}
