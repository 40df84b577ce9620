import { CodecError, TransportError } from '../errors/index.ts'
import type { Scope } from '../lifetime/index.ts'
import { FileChannel } from './file-channel.ts'

const label = 'files'

export interface FileLinkHooks {
  /** The other end wants to ask for files. */
  opened(channel: FileChannel): void
  failed(error: unknown): void
}

/**
 * The data channels `files` of a peer, at most one in each direction. Unlike the others they are opened when they are first needed (RFC 8832), so a
 * room that shares no files has none, and by the end that asks. Before the DTLS association is confirmed nothing leaves by them and nothing that came
 * is looked at; where data travels at one pace there are none at all, for their traffic would show.
 */
export class FileLink {
  readonly #pc: RTCPeerConnection
  readonly #hooks: FileLinkHooks
  readonly #isAllowed: boolean
  readonly #scope: Scope
  #confirmed = false
  #ours: FileChannel | undefined
  #theirs: FileChannel | undefined

  constructor(pc: RTCPeerConnection, constantRate: boolean, hooks: FileLinkHooks, scope: Scope) {
    this.#pc = pc
    this.#isAllowed = !constantRate
    this.#hooks = hooks
    this.#scope = scope
    pc.ondatachannel = ({ channel }) => {
      this.#opened(channel)
    }
    scope.onEnd(() => {
      pc.ondatachannel = null
      this.#ours?.close()
      this.#theirs?.close()
    })
  }

  /** The DTLS association is the one that the secure channel bound. */
  confirm(): void {
    this.#confirmed = true
    if (this.#theirs !== undefined) this.#hooks.opened(this.#theirs)
  }

  /**
   * Opens the channel by which we ask; once for each session.
   * @throws {TransportError} `unreachable` where there is none, or when it closes before it is open.
   */
  async open(): Promise<FileChannel> {
    if (!this.#confirmed || !this.#isAllowed || this.#scope.ended || this.#ours !== undefined) throw unreachable()
    this.#ours = this.#channelOf(this.#pc.createDataChannel(label, {}))
    if (!(await this.#ours.opened)) throw unreachable()
    return this.#ours
  }

  #opened(channel: RTCDataChannel): void {
    // Of a later version, perhaps: it finds out that nobody is there.
    if (channel.label !== label) {
      channel.close()
      return
    }
    if (!this.#isAllowed || this.#theirs !== undefined) {
      this.#hooks.failed(new CodecError('bad-value', 'one channel for files and no more'))
      return
    }
    this.#theirs = this.#channelOf(channel)
    if (this.#confirmed) this.#hooks.opened(this.#theirs)
  }

  #channelOf(channel: RTCDataChannel): FileChannel {
    return new FileChannel(channel, (error) => {
      this.#hooks.failed(error)
    })
  }
}

function unreachable(): TransportError {
  return new TransportError('unreachable', 'there is no way to ask this peer for files')
}
