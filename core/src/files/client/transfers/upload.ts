import { UsageError } from '../../../errors/index.ts'
import type { DriveKey, NodeId, ObjectId } from '../../ids.ts'
import { segmentBytes } from '../../limits.ts'
import { layoutOf } from '../../objects/index.ts'
import type { DriveStore, Octets } from '../source.ts'
import type { FileBody } from '../view.ts'
import type { ObjectWork } from '../work/index.ts'

/** Segments on their way to the node while the next one is made: 12 MiB of a file in memory, whatever its size. */
const maxOnTheWay = 2

/** A file on its way up, as it is kept until it is there: all that going on needs but the file. */
export interface KeptUpload {
  /** Names the transfer. */
  readonly id: string
  readonly drive: DriveKey
  readonly node: NodeId
  readonly parent: NodeId
  readonly name: string
  readonly replaces: ObjectId | undefined
  readonly object: ObjectId
  /** Seals this content and never another one. */
  readonly fileKey: Octets
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  readonly mediaType: string
}

/** Where uploads are kept across a reload. What it is given is secret: whoever keeps it encrypts it. */
export interface UploadMemory {
  all(): Promise<readonly KeptUpload[]>
  keep(upload: KeptUpload): Promise<void>
  /** Keeps the hashes of one segment; resolves once they are safe, since the segment leaves the device after that. */
  pledge(id: string, segment: number, hashes: Octets): Promise<void>
  pledges(id: string): Promise<ReadonlyMap<number, Octets>>
  forget(id: string): Promise<void>
}

export interface UploadPorts {
  readonly store: Pick<DriveStore, 'put' | 'stored'>
  readonly work: ObjectWork
  readonly memory: Pick<UploadMemory, 'pledge' | 'pledges'>
  /**
   * Whether the content may be another one than what was begun with: then also what the node has is made again, and compared. One object out of
   * two contents would be nobody's file.
   */
  readonly isInDoubt: boolean
}

/** What an upload came to: the object is at the node, whole. */
export interface Uploaded {
  readonly root: Octets
}

/**
 * Brings a content to the node, or what is missing of it there. Resolves once the node keeps all of it; `moved` is told of bytes that it had, with
 * `isOld`, and of those that come to it.
 * @throws what the store throws; {UsageError} `file-changed` if the content is not what it was; what `signal` says.
 */
export async function upload(
  { store, work, memory, isInDoubt }: UploadPorts,
  to: KeptUpload,
  body: FileBody,
  moved: (bytes: number, isOld?: boolean) => void,
  signal: AbortSignal,
): Promise<Uploaded> {
  const layout = layoutOf(to.sizeBytes)
  const [pledged, stored] = await Promise.all([memory.pledges(to.id), store.stored(to.drive, to.object, signal)])
  // The node has what we know nothing of: then what we kept was lost, and the key may have sealed another content than this one.
  if (stored.some((segment) => !pledged.has(segment))) {
    throw new UsageError('file-changed', 'what this key has sealed is not known')
  }
  const there = new Set(stored)
  const maker = await work.write(to, (start, end) => body.slice(start, end), pledged)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const onTheWay = new Set<Promise<void>>()
  try {
    for (let index = 0; index < layout.segments; index++) {
      either.throwIfAborted()
      const plainBytes = Math.max(0, Math.min(segmentBytes, to.sizeBytes - index * segmentBytes))
      if (there.has(index)) {
        if (isInDoubt) await maker.segment(index)
        moved(plainBytes, true)
        continue
      }
      const segment = await maker.segment(index)
      await memory.pledge(to.id, index, segment.hashes)
      either.throwIfAborted()
      const put = store.put(to.drive, to.object, index, segment.bytes, either).then(() => {
        moved(plainBytes)
        onTheWay.delete(put)
      })
      // Its failure is met by whoever waits for it next.
      put.catch(() => undefined)
      onTheWay.add(put)
      if (onTheWay.size >= maxOnTheWay) await Promise.race(onTheWay)
    }
    await Promise.all(onTheWay)
    const { hashes, root } = await maker.finish()
    if (layout.segments > 1) await store.put(to.drive, to.object, 'hashes', hashes, either)
    return { root }
  } finally {
    maker.close()
    stop.abort()
    await Promise.allSettled(onTheWay)
  }
}
