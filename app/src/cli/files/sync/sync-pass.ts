import { rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PigeonError, UsageError } from '@p2pigeon/core'
import { rootFolder } from '@p2pigeon/core/files'
import type { Load } from '../courier.ts'
import { calm } from '../calm.ts'
import { carry, tellFailed, type DeedPorts } from '../deed-ports.ts'
import { folderBelow, oneName } from '../disk-file.ts'
import { Downloads } from '../downloads.ts'
import type { Failures } from './failures.ts'
import { uploadOf } from '../local-files.ts'
import { planSync, type BaseFile, type Step } from './plan.ts'
import { hasSameContent } from './same-content.ts'
import { setAside } from './set-aside.ts'
import {
  isAsSeen,
  keyOf,
  lookHere,
  lookThere,
  namesHere,
  type Here,
  type HereFile,
  type There,
  type ThereFile,
} from './sides.ts'

/** What was uploaded shows in the picture of the room within this, ms. */
const showMs = 10_000

export interface SyncWishes {
  /** Absolute. */
  readonly folder: string
  /** Names of the room's folder. */
  readonly to: readonly string[]
  readonly deletes: boolean
}

export interface SyncCounts {
  up: number
  down: number
  deleted: number
  conflicts: number
  /** Deleted on one side and left on the other. */
  left: number
  failed: number
}

interface Sent {
  readonly key: string
  readonly file: HereFile
  /** The version that it replaces. */
  readonly before: string | undefined
}

interface Got {
  readonly key: string
  readonly file: BaseFile
}

/** One time of making a local folder and one of the room the same. */
export class SyncPass {
  readonly #wishes: SyncWishes
  readonly #ports: DeedPorts
  readonly #base: Map<string, BaseFile>
  readonly #downloads: Downloads
  readonly #up = new Map<Load, Sent>()
  readonly #down = new Map<Load, Got>()
  readonly #arrived: Sent[] = []
  readonly #deletedThere = new Set<string>()
  /** What stands at a path on both sides. */
  #stamp: (path: string) => string = () => ''
  readonly #counts: SyncCounts = { up: 0, down: 0, deleted: 0, conflicts: 0, left: 0, failed: 0 }

  /** @param base is changed to what both sides have as files become the same. */
  constructor(wishes: SyncWishes, base: Map<string, BaseFile>, failures: Failures, ports: DeedPorts) {
    this.#wishes = wishes
    this.#base = base
    failures.begin()
    const emit: DeedPorts['emit'] = (event) => {
      if (event.type !== 'file-failed' || failures.isNews(event.path, event.code, this.#stamp(event.path)))
        ports.emit(event)
    }
    this.#ports = { ...ports, emit }
    this.#downloads = new Downloads(ports.visit.files, ports.random)
  }

  /** @throws as `Courier.carry`; what is the same by then is in the base. */
  async run(): Promise<SyncCounts> {
    const { folder, to, deletes } = this.#wishes
    const { visit, signal } = this.#ports
    const here = await lookHere(folder)
    const there = lookThere(visit.files.view, to)
    this.#stamp = (path) => {
      const key = keyOf(path.split('/'))
      const { sizeBytes, modifiedAtMs } = here.files.get(key) ?? {}
      return JSON.stringify([sizeBytes, modifiedAtMs, there.files.get(key)?.object])
    }
    for (const folder of [
      this.#wishes.folder,
      ...[...here.folders.values()].map((names) => join(this.#wishes.folder, ...names)),
    ]) {
      await this.#downloads.sweep(folder)
    }
    for (const { path, code } of here.problems) this.#fail(path, code)
    const steps = planSync({ base: this.#base, local: here.files, room: there.files, hidden: here.hidden }, deletes)
    try {
      for (const [key, step] of steps) {
        signal.throwIfAborted()
        const path = here.files.get(key)?.path ?? there.files.get(key)?.path ?? []
        await this.#prepare(key, step, here, there).catch((error: unknown) => {
          if (!(error instanceof PigeonError)) throw error
          this.#fail(path.join('/'), error.code)
        })
      }
      await this.#carryAll()
      if (deletes) await this.#removeFolders(here, there)
    } finally {
      await this.#downloads.dropAll()
      await this.#noteSent()
    }
    return this.#counts
  }

  async #prepare(key: string, step: Step, here: Here, there: There): Promise<void> {
    const mine = here.files.get(key)
    const theirs = there.files.get(key)
    switch (step.kind) {
      case 'upload':
        if (mine) this.#send(key, mine, theirs, there)
        return
      case 'download':
        if (theirs) await this.#fetch(key, theirs, mine, here)
        return
      case 'compare':
        if (mine && theirs) await this.#compare(key, mine, theirs, { here, there })
        return
      case 'delete-here':
        if (mine && (await isAsSeen(mine))) await this.#deleteHere(key, mine, there)
        return
      case 'delete-there':
        if (!theirs) return
        await this.#ports.visit.files.remove([theirs.entry.id])
        this.#deletedThere.add(key)
        this.#deleted(key, theirs.path)
        return
      case 'leave':
        this.#counts.left += 1
        return
      case 'forget':
        this.#base.delete(key)
    }
  }

  /** @throws {UsageError} `kind-differs` where the room has a folder instead of a file, or the other way round. */
  #send(key: string, file: HereFile, over: ThereFile | undefined, there: There): void {
    const above = file.path.slice(0, -1).map((_, at) => keyOf(file.path.slice(0, at + 1)))
    if (there.folders.has(key) || above.some((folder) => there.files.has(folder))) {
      throw new UsageError('kind-differs', 'one is a file and the other a folder')
    }
    const names = [...this.#wishes.to, ...file.path]
    // Written as the room has it, so that it becomes a version of that one.
    const name = over?.entry.name ?? names.at(-1) ?? ''
    const load: Load = {
      path: file.path.join('/'),
      sizeBytes: file.sizeBytes,
      begin: (files) => files.upload(rootFolder, [uploadOf(file, names.slice(0, -1), name)]),
    }
    this.#up.set(load, { key, file, before: over?.object })
  }

  /** @param over what it replaces, if that is still as it was seen when the download is whole. */
  async #fetch(key: string, { path, entry, object }: ThereFile, over: HereFile | undefined, here: Here): Promise<void> {
    const parent = await folderBelow(this.#wishes.folder, namesHere(here, path.slice(0, -1)))
    const place = over?.place ?? join(parent, oneName(entry.name))
    const job = this.#downloads.job({ entry, place, ...(over && { mayReplace: () => isAsSeen(over) }) })
    const { sizeBytes, modifiedAtMs } = entry
    const load: Load = { path: path.join('/'), sizeBytes, begin: (files) => files.track(job) }
    this.#down.set(load, { key, file: { sizeBytes, modifiedAtMs, object } })
  }

  async #compare(
    key: string,
    mine: HereFile,
    theirs: ThereFile,
    { here, there }: { readonly here: Here; readonly there: There },
  ): Promise<void> {
    const { visit, signal, emit } = this.#ports
    const { sizeBytes, modifiedAtMs } = mine
    if (await hasSameContent(visit.files, mine, theirs, signal)) {
      this.#base.set(key, { sizeBytes, modifiedAtMs, object: theirs.object })
      return
    }
    const name = await setAside(mine.place, mine.path.at(-1) ?? '')
    const path = [...mine.path.slice(0, -1), name]
    this.#counts.conflicts += 1
    emit({ type: 'conflict', path: mine.path.join('/'), kept: path.join('/') })
    await this.#fetch(key, theirs, undefined, here)
    this.#send(keyOf(path), { ...mine, path, place: join(dirname(mine.place), name) }, undefined, there)
  }

  async #carryAll(): Promise<void> {
    const up = await carry(this.#ports, 'up', [...this.#up.keys()], (load) => {
      const sent = this.#up.get(load)
      if (sent) this.#arrived.push(sent)
    })
    const down = await carry(this.#ports, 'down', [...this.#down.keys()], (load) => {
      const got = this.#down.get(load)
      if (got) this.#base.set(got.key, got.file)
      this.#counts.down += 1
    })
    this.#counts.failed += up.length + down.length
  }

  /** Folders that are empty now go too, where the room has none of that name. */
  async #deleteHere(key: string, file: HereFile, there: There): Promise<void> {
    await rm(file.place)
    this.#deleted(key, file.path)
    for (let path = file.path.slice(0, -1); path.length > 0; path = path.slice(0, -1)) {
      if (there.folders.has(keyOf(path))) return
      const isGone = await rmdir(join(this.#wishes.folder, ...path)).then(
        () => true,
        () => false,
      )
      if (!isGone) return
    }
  }

  /** Folders of the room of which everything was deleted, and that are not here. */
  async #removeFolders(here: Here, there: There): Promise<void> {
    const emptied = [...there.folders].filter(([key]) => {
      const below = [...there.files.keys()].filter((file) => file.startsWith(`${key}/`))
      return !here.folders.has(key) && below.length > 0 && below.every((file) => this.#deletedThere.has(file))
    })
    if (emptied.length > 0) await this.#ports.visit.files.remove(emptied.map(([, { id }]) => id))
  }

  #deleted(key: string, path: readonly string[]): void {
    this.#base.delete(key)
    this.#counts.deleted += 1
    this.#ports.emit({ type: 'deleted', path: path.join('/') })
  }

  #fail(path: string, code: string): void {
    this.#counts.failed += 1
    tellFailed(this.#ports.emit, path, code)
  }

  /** Which version each upload has become; one that does not show in time is compared at the next sync. */
  async #noteSent(): Promise<void> {
    const { visit, clock } = this.#ports
    const look = (): There['files'] => lookThere(visit.files.view, this.#wishes.to).files
    const isShown = (): boolean => {
      const files = look()
      return this.#arrived.every(({ key, before }) => (files.get(key)?.object ?? before) !== before)
    }
    if (this.#arrived.length > 0) {
      await calm({
        ...{ clock, signal: new AbortController().signal, quietMs: 0, waitMs: showMs, isReady: isShown },
        sources: [(changed) => visit.files.on('viewChanged', changed)],
      })
    }
    const files = look()
    for (const { key, file, before } of this.#arrived) {
      const now = files.get(key)
      const { sizeBytes, modifiedAtMs } = file
      // What somebody else has written meanwhile is not what we have sent.
      const isOurs = now?.entry.by === visit.room.view().self.peerId && now.object !== before
      if (!isOurs || now.entry.sizeBytes !== sizeBytes || now.entry.modifiedAtMs !== modifiedAtMs) continue
      this.#base.set(key, { sizeBytes, modifiedAtMs, object: now.object })
    }
    this.#counts.up = this.#arrived.length
  }
}
