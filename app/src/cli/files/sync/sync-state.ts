import { z } from 'zod'
import type { Slot } from '../sealed-memory.ts'
import type { BaseFile } from './plan.ts'

const state = z.strictObject({
  version: z.literal(1),
  files: z.array(
    z.tuple([z.string(), z.strictObject({ sizeBytes: z.number(), modifiedAtMs: z.number(), object: z.string() })]),
  ),
})

/** What both sides had after the last sync of one folder; nothing before the first, or without a slot. @throws {UsageError} `memory-damaged`. */
export async function loadBase(slot: Slot | undefined): Promise<Map<string, BaseFile>> {
  const bytes = await slot?.load()
  if (bytes === undefined) return new Map()
  const parsed = state.safeParse(JSON.parse(Buffer.from(bytes).toString()))
  // Another version than ours: then the two sides are compared anew, which loses nothing.
  return new Map(parsed.success ? parsed.data.files : [])
}

export async function saveBase(slot: Slot | undefined, base: ReadonlyMap<string, BaseFile>): Promise<void> {
  await slot?.save(Buffer.from(JSON.stringify({ version: 1, files: [...base] })))
}
