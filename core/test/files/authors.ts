import fc from 'fast-check'
import { toHex } from '../../src/bytes/index.ts'
import { sealBatch, type Op, type PutOp } from '../../src/files/journal/index.ts'
import { masterOf, type Master } from '../../src/files/keys/index.ts'
import { importSeed, roomIdentity, type RoomIdentity } from '../../src/identity/index.ts'
import { webRandom } from '../../src/runtime/platform/index.ts'

export const roomId = new Uint8Array(16).fill(7)

/** An id of so many bytes by number. */
export function id(number: number, bytes = 16): string {
  return toHex(new Uint8Array(bytes).fill(number))
}

export const drive = id(0xd1, 32)

/** Somebody in the room, by number. */
export async function author(number: number): Promise<RoomIdentity> {
  return roomIdentity(await importSeed(new Uint8Array(32).fill(number)), roomId)
}

/** A master of an epoch by number. */
export function master(number: number, epoch = 0): Promise<Master> {
  return masterOf({ epoch, secret: new Uint8Array(32).map((_, at) => number + at) })
}

export function folder(clock: number, name = 'folder'): Op {
  return { kind: 'folder', clock, node: id(clock % 256), parent: id(0), name }
}

export const put: PutOp = {
  kind: 'put',
  clock: 2 ** 33 + 5,
  node: id(1),
  parent: id(0),
  name: 'Ünïcode 📄.pdf',
  replaces: id(9),
  object: id(2),
  sizeBytes: 5_000_000_000,
  modifiedAtMs: 1_800_000_000_123,
  mediaType: 'application/pdf',
  root: new Uint8Array(32).fill(3),
  key: { master: id(4), sealed: new Uint8Array(48).fill(5) },
}

/** Batches of one drive, one after the other, each with these ops. */
export async function journal(
  groups: readonly (readonly Op[])[],
  options: { readonly by?: RoomIdentity; readonly under?: Master; readonly drive?: string } = {},
): Promise<{ readonly batches: readonly Uint8Array<ArrayBuffer>[]; readonly heads: readonly string[] }> {
  const [by, under] = [options.by ?? (await author(1)), options.under ?? (await master(1))]
  const batches: Uint8Array<ArrayBuffer>[] = []
  const heads = [id(0, 32)]
  for (const [number, ops] of groups.entries()) {
    const place = { roomId, drive: options.drive ?? drive, number, previous: heads[number] ?? '' }
    const { bytes, hash } = await sealBatch(by, place, under, ops, webRandom)
    batches.push(bytes)
    heads.push(hash)
  }
  return { batches, heads }
}

/** A copy with one bit of one byte turned. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

/** For lengths at which `toEqual` takes its time. */
export function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0
}

const anId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toHex)
const clock = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const name = fc.string({ unit: 'binary', maxLength: 60 })
const maybe = <Value>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(one, { nil: undefined })
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((all) => new Uint8Array(all))

/** Any op that can be written. */
export const anyOp: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    ...{ clock, node: anId, parent: anId, name, replaces: maybe(anId), object: anId },
    sizeBytes: fc.oneof(fc.constantFrom(0, 2 ** 36), fc.integer({ min: 0, max: 2 ** 36 })),
    modifiedAtMs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    mediaType: fc.constantFrom('', 'text/plain', 'application/vnd.oasis.opendocument.text'),
    root: bytes(32),
    key: fc.record({ master: anId, sealed: bytes(48) }),
  }),
  fc.record({ kind: fc.constantFrom('folder' as const, 'move' as const), clock, node: anId, parent: anId, name }),
  fc.record({ kind: fc.constant('delete' as const), clock, node: anId }),
  fc.record({ kind: fc.constant('restore' as const), clock, node: anId, object: maybe(anId) }),
  fc.record({ kind: fc.constant('purge' as const), clock, node: anId, object: anId }),
)
