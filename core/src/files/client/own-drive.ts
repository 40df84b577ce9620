import { AuthenticationError, TransportError } from '../../errors/index.ts'
import type { RoomIdentity } from '../../identity/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import type { DriveKey } from '../ids.ts'
import type { Op } from '../journal/index.ts'
import type { Master } from '../keys/index.ts'
import type { Drives } from './drives.ts'
import { JournalWriter, rolledBack } from './journal-writer.ts'
import type { DriveStore } from './source.ts'

export interface OwnDrivePorts {
  readonly roomId: Uint8Array
  readonly identity: Pick<RoomIdentity, 'publicKey' | 'peerId' | 'sign'>
  readonly store: Pick<DriveStore, 'createDrive' | 'append' | 'journal'>
  readonly drives: Drives
  readonly clock: Clock
  readonly random: Random
  readonly master: () => Promise<Master>
  /** Keeps which drive is ours; resolves once that is safe. */
  readonly keep: (drive: DriveKey) => Promise<void>
  readonly appended: () => void
  /** This one does not hold any more, and is not written from now on. */
  readonly abandoned: (drive: DriveKey) => void
}

interface Opened {
  readonly drive: DriveKey
  readonly writer: JournalWriter
}

/**
 * The drive that this device writes, made when it is first needed. One that does not hold any more, because its node lost or changed what was
 * in it, is left as it is and another one is made.
 */
export class OwnDrive {
  readonly #ports: OwnDrivePorts
  readonly #scope: Scope
  #known: DriveKey | undefined
  #opening: Promise<Opened> | undefined

  constructor(ports: OwnDrivePorts, known: DriveKey | undefined, scope: Scope) {
    this.#ports = ports
    this.#known = known
    this.#scope = scope
  }

  get known(): DriveKey | undefined {
    return this.#known
  }

  /** @throws what the store throws. */
  async key(): Promise<DriveKey> {
    return (await this.#open()).drive
  }

  /**
   * Writes ops once their turn has come. Those that are bound to a drive, since an object lies there, are written there or not at all.
   * @throws as `JournalWriter.write`; `rolled-back` if the drive of bound ones does not hold any more.
   */
  async write(
    make: () => readonly Op[],
    { boundTo, ...options }: { readonly lingers?: boolean; readonly boundTo?: DriveKey } = {},
  ): Promise<void> {
    const opened = await this.#open()
    if (boundTo !== undefined && boundTo !== opened.drive) throw rolledBack()
    try {
      await opened.writer.write(make, options)
    } catch (error) {
      if (!(error instanceof AuthenticationError) || error.code !== 'rolled-back') throw error
      if (this.#known === opened.drive) {
        this.#abandon(opened.drive)
        this.#opening = undefined
      }
      if (boundTo !== undefined) throw error
      // Nothing was written: it goes into another drive.
      await (await this.#open()).writer.write(make, options)
    }
  }

  #open(): Promise<Opened> {
    this.#opening ??= this.#prepare().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #prepare(): Promise<Opened> {
    const { drives, store, identity, keep } = this.#ports
    if (this.#known !== undefined) {
      // What was appended and not remembered, because everything ended between, is found there.
      const isThere = await drives.refresh(this.#known).then(
        () => true,
        (error: unknown) => {
          if (error instanceof TransportError && error.code === 'object-missing') return false
          throw error
        },
      )
      if (!isThere || !drives.isWhole(this.#known)) this.#abandon(this.#known)
    }
    if (this.#known === undefined) {
      const drive = await store.createDrive(this.#scope.signal)
      await keep(drive)
      drives.adopt(drive, identity.peerId)
      this.#known = drive
    }
    return { drive: this.#known, writer: this.#writerOf(this.#known) }
  }

  #abandon(drive: DriveKey): void {
    this.#known = undefined
    this.#ports.abandoned(drive)
  }

  #writerOf(drive: DriveKey): JournalWriter {
    const { drives, appended, ...ports } = this.#ports
    return new JournalWriter(
      {
        ...{ ...ports, drive, head: () => drives.head(drive) },
        appended: async (number, bytes) => {
          await drives.appended(drive, number, bytes)
          appended()
        },
      },
      this.#scope,
    )
  }
}
