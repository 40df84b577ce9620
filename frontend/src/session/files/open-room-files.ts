import {
  DataRoom,
  decodeRememberedFiles,
  encodeRememberedFiles,
  NodeStore,
  rootFolder,
  sessionKey,
  type DataRoomPorts,
  type DataRoomView,
  type DriveStore,
  type OpenedFile,
  type Purgeable,
  type TransferView,
  type UploadFile,
} from '@p2pigeon/core/files'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import { Fault } from '../fault.ts'
import { slotPrefixes, type Keeper } from '../vault/index.ts'
import type { Copies } from './copies.ts'
import type { Disk } from './disk.ts'
import { downloadJob } from './download.ts'
import { pageFetch } from './page-fetch.ts'
import type { RoomFiles } from './room-files.ts'
import { uploadSlots } from './upload-slots.ts'

export interface RoomFilesPorts extends Pick<
  DataRoomPorts,
  'roomId' | 'identity' | 'work' | 'clock' | 'random' | 'rights' | 'talk' | 'nearer' | 'lend'
> {
  readonly keeper: Pick<Keeper, 'read' | 'write' | 'remove' | 'slots'>
  readonly store: DriveStore
  /** Names the slots of this room, and tells nobody which one it is. */
  readonly slotId: string
  readonly disk: Disk
  readonly copies: Pick<Copies, 'code'>
  /** The room as the page names it. */
  readonly name: string
  readonly hidesDetails: boolean
  readonly nameOf: (peer: string) => string | undefined
}

/** The node of this page as the store of a room's drives. @param seed the user's, as an HKDF key. */
export async function nodeStore(
  url: string,
  seed: CryptoKey,
  { roomId, clock, random }: Pick<RoomFilesPorts, 'roomId' | 'clock' | 'random'>,
): Promise<NodeStore> {
  const key = await sessionKey(seed, roomId)
  return new NodeStore({ url, key, clock, random, fetch: pageFetch })
}

/** Opens the files of a room, until `scope` ends. @throws what the vault throws. */
export async function openRoomFiles(
  ports: RoomFilesPorts,
  scope: Parameters<typeof DataRoom.open>[1],
): Promise<RoomFiles> {
  const { keeper, slotId } = ports
  const slot = slotPrefixes.files + slotId
  const room = await DataRoom.open(
    {
      ...ports,
      memory: {
        load: async () => {
          const bytes = await keeper.read(slot)
          return bytes && decodeRememberedFiles(bytes)
        },
        keep: (files) => keeper.write(slot, encodeRememberedFiles(files)),
      },
      uploads: uploadSlots(keeper, slotId),
    },
    scope,
  )
  return new OpenRoomFiles(room, ports, (undo) => void scope.onEnd(undo))
}

class OpenRoomFiles implements RoomFiles {
  readonly roomId: string
  readonly hidesDetails: boolean
  readonly nameOf: (peer: string) => string | undefined
  readonly #room: DataRoom
  readonly #ports: RoomFilesPorts
  readonly #view: Store<DataRoomView>
  readonly #transfers: Store<readonly TransferView[]>
  #saved = 0

  constructor(room: DataRoom, ports: RoomFilesPorts, onEnd: (undo: Undo) => void) {
    this.#room = room
    this.#ports = ports
    this.roomId = ports.name
    this.hidesDetails = ports.hidesDetails
    this.nameOf = ports.nameOf
    this.#view = new Store(room.view)
    this.#transfers = new Store(room.transfers())
    onEnd(room.on('viewChanged', () => this.#view.set(room.view)))
    onEnd(room.on('transfersChanged', () => this.#transfers.set(room.transfers())))
  }

  get view(): Readable<DataRoomView> {
    return this.#view
  }

  get transfers(): Readable<readonly TransferView[]> {
    return this.#transfers
  }

  createFolder(parent: string, name: string): Promise<string> {
    return this.#room.createFolder(parent, name)
  }

  rename(id: string, name: string): Promise<void> {
    return this.#room.rename(id, name)
  }

  move(ids: readonly string[], parent: string): Promise<void> {
    return this.#room.move(ids, parent)
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.#room.remove(ids)
  }

  restore(ids: readonly string[]): Promise<void> {
    return this.#room.restore(ids)
  }

  restoreVersion(id: string, object: string): Promise<void> {
    return this.#room.restoreVersion(id, object)
  }

  purgeable(id: string, object?: string): Purgeable {
    return this.#room.purgeable(id, object)
  }

  purge(id: string, object?: string): Promise<void> {
    return this.#room.purge(id, object)
  }

  askUsed(): void {
    this.#room.askUsed()
  }

  upload(parent: string, files: readonly UploadFile[]): boolean {
    return this.#room.upload(parent, files)
  }

  attach(folder: string, file: UploadFile, written: (id: string) => void): string | undefined {
    return this.#room.attach(rootFolder, { ...file, path: [folder] }, written)
  }

  open(id: string, object?: string): Promise<OpenedFile> {
    return this.#room.open(id, object)
  }

  async save(id: string, object?: string): Promise<void> {
    const entry = this.#room.view.entry(id)
    const version = this.#room.view
      .versions(id)
      .find((one) => (object === undefined ? one.present : one.object === object))
    // The browser asks only while the click is fresh, so before anything else.
    const to = await this.#ports.disk.choose(entry?.name ?? '', version?.sizeBytes ?? 0)
    // What is saved is this version, whatever becomes the present one meanwhile.
    const open = (): Promise<OpenedFile> => this.#room.open(id, version?.object)
    try {
      this.#saved += 1
      const job = downloadJob(`save-${this.#saved}`, open, await open(), to)
      if (!this.#room.track(job)) throw new Fault('too-many-transfers')
    } catch (error) {
      await to.drop()
      throw error
    }
  }

  pause(transfer: string): void {
    this.#room.pause(transfer)
  }

  resume(transfer: string): void {
    this.#room.resume(transfer)
  }

  cancel(transfer: string): void {
    this.#room.cancel(transfer)
  }

  chooseAgain(transfer: string, file: File): Promise<boolean> {
    const slice = async (start: number, end: number): Promise<Uint8Array<ArrayBuffer>> => {
      return new Uint8Array(await file.slice(start, end).arrayBuffer())
    }
    const { name, size, lastModified } = file
    const again = { name, modifiedAtMs: lastModified, body: { sizeBytes: size, slice } }
    return Promise.resolve(this.#room.chooseAgain(transfer, again))
  }

  replicaCode(): Promise<string> {
    return this.#ports.copies.code()
  }

  clearFinished(): void {
    this.#room.clearFinished()
  }

  isOwn(peer: string): boolean {
    return peer === this.#ports.identity.peerId
  }
}
