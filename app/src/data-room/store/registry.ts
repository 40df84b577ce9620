import { z } from 'zod'
import type { PearCore } from '../pear/index.ts'

const hexKey = z.string().regex(/^[0-9a-f]{64}$/)
const bytes = z.number().int().nonnegative()

const record = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('own'),
    /** The key, in hex, that may write. */
    owner: hexKey,
    /** The namespace that the drive's own keys are derived in. */
    name: z.string(),
    bytes,
  }),
  z.strictObject({
    kind: z.literal('followed'),
    /** The key, in hex, that asked for it first; none for a replica's. */
    askedBy: hexKey.optional(),
    bytes,
  }),
])

/** What the store knows of a drive besides its content. */
export type DriveRecord = z.output<typeof record>
export type OwnRecord = Extract<DriveRecord, { kind: 'own' }>
export type FollowedRecord = Extract<DriveRecord, { kind: 'followed' }>

const prefix = 'drive/'
const openMark = 'open'

/**
 * The store's list of its drives, in the store's own database, so that one log keeps the order of all writes. It is the local user data of a core without
 * blocks, and nothing of it is ever replicated.
 */
export class Registry {
  readonly #core: PearCore

  constructor(core: PearCore) {
    this.#core = core
  }

  /** Every drive by its key in hex. Records that do not read are left out. */
  async all(): Promise<Map<string, DriveRecord>> {
    const found = new Map<string, DriveRecord>()
    for await (const { key, value } of this.#core.state.storage.createUserDataStream()) {
      if (!key.startsWith(prefix)) continue
      const parsed = record.safeParse(JSON.parse(value.toString()))
      if (parsed.success) found.set(key.slice(prefix.length), parsed.data)
    }
    return found
  }

  async set(drive: string, value: DriveRecord): Promise<void> {
    await this.#core.setUserData(`${prefix}${drive}`, Buffer.from(JSON.stringify(value)))
  }

  async forget(drive: string): Promise<void> {
    await this.#core.setUserData(`${prefix}${drive}`, null)
  }

  /** True when whoever had the store open last did not close it: its counts may be off by what was under way. */
  async markOpen(): Promise<boolean> {
    const wasOpen = (await this.#core.getUserData(openMark))?.[0] === 1
    await this.#core.setUserData(openMark, Buffer.from([1]))
    return wasOpen
  }

  async markClosed(): Promise<void> {
    await this.#core.setUserData(openMark, Buffer.from([0]))
  }
}
