import { TransportError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import type { DriveKey, ObjectId } from '../ids.ts'
import { unwrapFileKey, type MasterRing } from '../keys/index.ts'
import { hashBytes, layoutOf, type ObjectSource } from '../objects/index.ts'
import type { TreeVersion } from '../tree/index.ts'
import { OpenReaders } from './open-readers.ts'
import { openedFile } from './opened-file.ts'
import { ReadAhead } from './read-ahead.ts'
import type { NearSource, Source } from './source.ts'
import type { OpenedFile } from './view.ts'
import type { ObjectWork } from './work/index.ts'

export interface OpeningPorts {
  readonly masters: Pick<MasterRing, 'get'>
  readonly work: Pick<ObjectWork, 'open'>
  readonly store: Source
  /** Who is asked before the node is for what this author wrote. */
  readonly nearer: (author: PeerId) => readonly NearSource[]
}

/** Versions of files, opened for reading. */
export class Opening {
  readonly #ports: OpeningPorts
  readonly #scope: Scope
  readonly #readers: OpenReaders

  constructor(ports: OpeningPorts, scope: Scope) {
    this.#ports = ports
    this.#scope = scope
    this.#readers = new OpenReaders(scope)
  }

  /** @throws {TransportError} `no-master` while the key has not come; {AuthenticationError} `open-failed`. */
  async open(name: string, { put, drive, author }: TreeVersion): Promise<OpenedFile> {
    const master = this.#ports.masters.get(put.key.master)
    if (!master) throw new TransportError('no-master', 'the key of this file is not known')
    const fileKey = await unwrapFileKey(master, { drive, node: put.node, object: put.object }, put.key)
    const { sizeBytes, mediaType, root } = put
    const layout = layoutOf(sizeBytes)
    const ahead = new ReadAhead(layout.segments, this.#scope.signal)
    const sources = {
      // Members come and go while a file is open.
      [Symbol.iterator]: () =>
        [...this.#ports.nearer(author), this.#ports.store]
          .map((from) => ahead.over(objectSource(from, drive, put.object), from))
          .values(),
    }
    const from = { object: put.object, fileKey, sizeBytes, root }
    const reader = this.#readers.reader(() => this.#ports.work.open(from, sources), layout.blocks * hashBytes)
    return openedFile({ name, sizeBytes, mediaType }, reader, this.#scope.signal)
  }
}

function objectSource(from: NearSource | Source, drive: DriveKey, object: ObjectId): ObjectSource {
  return {
    read: (part, range, signal) => from.read(drive, object, part, range, signal),
    ...('gaveWrong' in from && { gaveWrong: () => from.gaveWrong(drive, object) }),
  }
}
