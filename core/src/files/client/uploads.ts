import { utf8 } from '../../bytes/index.ts'
import { fileName } from '../../codec/index.ts'
import { UsageError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import { newId, type DriveKey, type NodeId, type ObjectId } from '../ids.ts'
import type { PutOp } from '../journal/index.ts'
import { newFileKey, type WrappedKey } from '../keys/index.ts'
import { maxMediaTypeBytes, segmentBytes } from '../limits.ts'
import type { LentObjects } from './lent-objects.ts'
import type { DriveStore, Octets } from './source.ts'
import type { Job } from './transfers/index.ts'
import { upload, type KeptUpload, type UploadMemory } from './transfers/index.ts'
import type { FileBody, UploadFile } from './view.ts'
import type { ObjectWork } from './work/index.ts'

/** Where a new file goes: into a node of its own, or over a file of that name. */
export interface Destination {
  readonly node: NodeId
  readonly parent: NodeId
  readonly replaces: ObjectId | undefined
}

export interface UploadsPorts {
  readonly store: Pick<DriveStore, 'put' | 'stored' | 'drop'>
  readonly work: ObjectWork
  readonly memory: UploadMemory
  readonly random: Random
  /** What members get from this device while it has the file. */
  readonly lent: Pick<LentObjects, 'pledged' | 'forget'>
  /** The drive to write now. */
  readonly drive: () => Promise<DriveKey>
  /** Makes the folders on the way where there are none. A file that stands apart is no version of another one. */
  readonly destination: (parent: NodeId, file: UploadFile, isApart: boolean) => Promise<Destination>
  /** Writes of a content that is there; resolves once that is kept. */
  readonly written: (kept: KeptUpload, root: Octets) => Promise<void>
  /** Whether its drive has such an op by now. Undefined where that cannot be told. @throws what the store throws. */
  readonly isWritten: (kept: KeptUpload) => Promise<boolean | undefined>
}

/** A file that goes to the node. @param apart called with the file that it has become; then it becomes one of its own, whatever has its name. */
export function uploadJob(ports: UploadsPorts, parent: NodeId, file: UploadFile, apart?: (node: NodeId) => void): Job {
  const id = newId(ports.random)
  const begin = async (): Promise<KeptUpload> => {
    const [drive, destination] = await Promise.all([
      ports.drive(),
      ports.destination(parent, file, apart !== undefined),
    ])
    const { name, mediaType, modifiedAtMs, body } = file
    const fresh = { object: newId(ports.random), fileKey: newFileKey(ports.random) }
    return { id, drive, ...destination, ...fresh, name, mediaType, modifiedAtMs, sizeBytes: body.sizeBytes }
  }
  return job(ports, { id, name: file.name, sizeBytes: file.body.sizeBytes }, begin, undefined, file.body, apart)
}

/** One that was begun before the page was loaded anew, once its file was chosen again. */
export function resumedJob(ports: UploadsPorts, kept: KeptUpload, body: FileBody): Job {
  const begin = async (): Promise<KeptUpload> => {
    const fresh = { object: newId(ports.random), fileKey: newFileKey(ports.random) }
    return { ...kept, ...fresh, drive: await ports.drive() }
  }
  return job(ports, kept, begin, kept, body)
}

/** One whose file nobody has chosen yet: it can be cancelled only. */
export function waitingJob(ports: UploadsPorts, kept: KeptUpload): Job {
  const { id, name, sizeBytes } = kept
  return {
    ...{ id, name, sizeBytes, direction: 'up' },
    run: () => Promise.reject(new UsageError('needs-file', 'the file was not chosen')),
    cancelled: () => clear(ports, kept, true),
  }
}

function job(
  ports: UploadsPorts,
  { id, name, sizeBytes }: Pick<KeptUpload, 'id' | 'name' | 'sizeBytes'>,
  begin: () => Promise<KeptUpload>,
  known: KeptUpload | undefined,
  body: FileBody,
  written?: (node: NodeId) => void,
): Job {
  // A small one is begun anew after a reload, so it is remembered here and costs the disk nothing.
  const memory = sizeBytes > segmentBytes ? ports.memory : passingMemory()
  let kept = known
  let isInDoubt = known !== undefined
  // Everything may have ended between the answer of the node and ours.
  let mayBeWritten = known !== undefined
  return {
    ...{ id, name, sizeBytes, direction: 'up' },
    async run(moved, signal, ending) {
      if (kept && kept.drive !== (await ports.drive())) {
        // The drive that it was begun in does not hold any more.
        await memory.forget(id)
        kept = undefined
      }
      if (kept && mayBeWritten && (await ports.isWritten(kept))) {
        await memory.forget(id)
        written?.(kept.node)
        return
      }
      if (!kept) {
        kept = await begin()
        isInDoubt = false
        mayBeWritten = false
        await memory.keep(kept)
      }
      signal.throwIfAborted()
      try {
        const lending = lendingMemory(memory, ports.lent, kept, body)
        const { root } = await upload({ ...ports, memory: lending, isInDoubt }, kept, body, moved, signal)
        ending()
        mayBeWritten = true
        await ports.written(kept, root)
      } catch (error) {
        if (!(error instanceof UsageError) || error.code !== 'file-changed') throw error
        // What was begun is of a content that is not there any more. Trying again sends the new one as another object.
        await clear({ ...ports, memory }, kept, mayBeWritten).catch(() => undefined)
        kept = undefined
        throw error
      }
      await memory.forget(id)
      written?.(kept.node)
    },
    cancelled: async () => {
      if (kept) await clear({ ...ports, memory }, kept, mayBeWritten)
    },
  }
}

/** What was kept of a segment may leave this device: members may have it, too. */
function lendingMemory(
  memory: UploadMemory,
  lent: UploadsPorts['lent'],
  kept: KeptUpload,
  body: FileBody,
): Pick<UploadMemory, 'pledge' | 'pledges'> {
  return {
    async pledge(id, segment, hashes) {
      await memory.pledge(id, segment, hashes)
      lent.pledged(kept, body, segment, hashes)
    },
    async pledges(id) {
      const pledged = await memory.pledges(id)
      for (const [segment, hashes] of pledged) lent.pledged(kept, body, segment, hashes)
      return pledged
    },
  }
}

/** What is written of a content that is there: as readers take it, whatever the file says of itself. */
export function putOf(kept: KeptUpload, root: Octets, key: WrappedKey): Omit<PutOp, 'clock'> {
  const { node, parent, name, replaces, object, sizeBytes, modifiedAtMs, mediaType } = kept
  return {
    ...{ kind: 'put', node, parent, name: fileName(name), replaces, object, sizeBytes, root, key },
    // There are files from before 1970, and clocks that have fractions.
    modifiedAtMs: Math.max(0, Math.floor(modifiedAtMs)),
    mediaType: utf8(mediaType).length > maxMediaTypeBytes ? '' : mediaType,
  }
}

/** Nobody goes on with it. What the node has of it is deleted, unless that is a file by now, or may be one. */
async function clear(
  { store, memory, lent, isWritten }: Pick<UploadsPorts, 'store' | 'memory' | 'lent' | 'isWritten'>,
  kept: KeptUpload,
  mayBeWritten: boolean,
): Promise<void> {
  const isFile = mayBeWritten ? await isWritten(kept).catch(() => undefined) : false
  if (isFile !== true) lent.forget(kept.object)
  await memory.forget(kept.id)
  if (isFile === false) await store.drop(kept.drive, kept.object, new AbortController().signal)
}

/** Uploads of this page alone, for those that are not worth keeping. Also for tests. */
export function passingMemory(): UploadMemory {
  const kept = new Map<string, KeptUpload>()
  const pledges = new Map<string, Map<number, Octets>>()
  return {
    all: () => Promise.resolve([...kept.values()]),
    async keep(one) {
      kept.set(one.id, one)
    },
    async pledge(id, segment, hashes) {
      pledges.set(id, (pledges.get(id) ?? new Map<number, Octets>()).set(segment, new Uint8Array(hashes)))
    },
    pledges: (id) => Promise.resolve(new Map(pledges.get(id))),
    async forget(id) {
      kept.delete(id)
      pledges.delete(id)
    },
  }
}
