import { equal } from '../bytes/index.ts'
import type { ChannelRole, SecureChannel } from '../channel/index.ts'
import { pad, padToMultiple, unpad } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { AuthenticationError, CodecError, InternalError, LimitError } from '../errors/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import { CellPipe } from './cell-pipe.ts'
import { dtlsConfirmation } from './dtls-binding.ts'
import { DataPipe } from './data-pipe.ts'
import type { FileChannel } from './file-channel.ts'
import { FileLink } from './file-link.ts'

/** What the other end may send before its confirmation was checked; honest peers send far less. */
const maxEarlyBytes = 4 * 1_048_576

/**
 * Messages fill whole SCTP packets: the largest chunk that both Chromium (MTU 1,191) and libdatachannel put in one, with room for
 * the acknowledgement of what came the other way. So a usual message has one size on the wire and costs one packet.
 */
const packetBytes = 1_144

export interface DataLinkPorts {
  readonly clock: Clock
  readonly random: Random
  /** True: data travels in cells at one pace (`CellPipe`) instead of when it is sent. */
  readonly constantRate: boolean
}

export interface DataLinkHooks {
  /** The DTLS association is proven to belong to the secure channel: data may flow from now on. */
  confirmed(): void
  controlReceived(message: Uint8Array<ArrayBuffer>): void
  messageReceived(message: Uint8Array<ArrayBuffer>): void
  /** The other end opened its channel for files. */
  filesOpened(channel: FileChannel): void
  /** A data channel closed that we did not close. */
  lost(): void
  failed(error: unknown): void
}

export interface Fingerprints {
  readonly local: Uint8Array<ArrayBuffer>
  readonly remote: Uint8Array<ArrayBuffer>
}

/**
 * The two data channels of a peer, `control` and `messages`, with ids agreed beforehand (RFC 8832 section 6.1 spares
 * the opening round trip), and those for files, which are opened when they are needed. Nothing is delivered and nothing but the confirmation is sent before both ends have shown
 * that this DTLS association is the one the secure channel bound.
 */
export class DataLink {
  readonly #pc: RTCPeerConnection
  readonly #ports: DataLinkPorts
  readonly #scope: Scope
  readonly #hooks: DataLinkHooks
  readonly #control: DataPipe
  readonly #messages: DataPipe
  readonly #files: FileLink
  readonly #opened: Promise<void>
  /** Where messages are padded: a fresh piece of memory for each costs more than all else that is done to it. */
  readonly #packet = new Uint8Array(packetBytes)
  #cells: CellPipe | undefined
  #early: (() => void)[] = []
  #earlyBytes = 0
  #confirmed = false
  #confirmation: ((message: Uint8Array<ArrayBuffer>) => void) | undefined
  readonly #remoteConfirmation: Promise<Uint8Array<ArrayBuffer>>

  constructor(pc: RTCPeerConnection, ports: DataLinkPorts, hooks: DataLinkHooks, scope: Scope) {
    this.#pc = pc
    this.#ports = ports
    this.#scope = scope
    this.#hooks = hooks
    const control = pc.createDataChannel('control', { negotiated: true, id: 0 })
    const messages = pc.createDataChannel('messages', { negotiated: true, id: 1 })
    this.#control = new DataPipe(control)
    this.#messages = new DataPipe(messages)
    this.#files = new FileLink(
      pc,
      ports.constantRate,
      {
        opened: (channel) => {
          hooks.filesOpened(channel)
        },
        failed: (error) => {
          hooks.failed(error)
        },
      },
      scope,
    )
    this.#opened = Promise.all([opening(control), opening(messages)]).then(() => undefined)
    this.#remoteConfirmation = new Promise((resolve) => {
      this.#confirmation = resolve
    })
    control.onmessage = (event: MessageEvent<unknown>) => {
      this.#received(event.data, true, (bytes) => {
        if (this.#cells === undefined) hooks.controlReceived(unpad(bytes))
        else this.#cells.receive(bytes)
      })
    }
    messages.onmessage = (event: MessageEvent<unknown>) => {
      this.#received(event.data, false, (bytes) => {
        if (this.#cells !== undefined) throw new CodecError('bad-value', 'in this room, messages come in cells')
        hooks.messageReceived(unpad(bytes))
      })
    }
    control.onclose = messages.onclose = () => {
      hooks.lost()
    }
    scope.onEnd(() => {
      for (const channel of [control, messages]) channel.onopen = channel.onmessage = channel.onclose = null
      this.#control.stop()
      this.#messages.stop()
    })
  }

  get isOpen(): boolean {
    return this.#confirmed && this.#control.isOpen
  }

  /** @throws {LimitError} `send-queue-full`. */
  sendControl(message: Uint8Array<ArrayBuffer>): void {
    if (!this.#confirmed) return
    if (this.#cells === undefined) this.#control.send(pad(message))
    else this.#cells.send('control', message)
  }

  /** @throws {LimitError} `send-queue-full`. */
  sendMessage(message: Uint8Array<ArrayBuffer>): void {
    if (!this.#confirmed) return
    if (this.#cells === undefined) this.#messages.send(padToMultiple(message, packetBytes, this.#packet))
    else this.#cells.send('messages', message)
  }

  /** The last word of a session: it leaves at once, for who watches sees the end anyway. @throws {LimitError} `send-queue-full`. */
  sendLast(message: Uint8Array<ArrayBuffer>): void {
    if (!this.#confirmed) return
    this.sendControl(message)
    this.#cells?.flush()
  }

  /** Resolves when the `messages` channel can take more. */
  drained(): Promise<void> {
    return this.#cells?.drained() ?? this.#messages.drained()
  }

  /** Opens the channel by which we ask for files. @throws {TransportError} `unreachable`. */
  openFiles(): Promise<FileChannel> {
    return this.#files.open()
  }

  /** Proves this end and checks the other one as soon as the channels open. */
  confirm(channel: SecureChannel, fingerprints: () => Fingerprints | undefined): void {
    this.#exchange(channel, fingerprints).catch((error: unknown) => {
      this.#hooks.failed(error)
    })
  }

  async #exchange(channel: SecureChannel, fingerprints: () => Fingerprints | undefined): Promise<void> {
    const [key] = await Promise.all([channel.exportKey('dtls-confirm'), channel.proven, this.#opened])
    const bound = fingerprints()
    if (bound === undefined) throw new InternalError('no-fingerprints', 'data channels opened without descriptions')
    const ours = confirmationOf(key, channel.role, channel.role, bound)
    const theirs = confirmationOf(key, channel.role === 'initiator' ? 'responder' : 'initiator', channel.role, bound)
    this.#control.send(await ours)
    const [expected, received] = await Promise.all([theirs, this.#remoteConfirmation, this.#checkCertificate(bound)])
    if (!equal(expected, received)) {
      throw new AuthenticationError('dtls-not-bound', 'the data channel does not belong to the secure channel')
    }
    this.#confirmed = true
    if (this.#ports.constantRate) this.#cells = this.#makeCells()
    this.#hooks.confirmed()
    this.#files.confirm()
    const early = this.#early
    this.#early = []
    for (const deliver of early) deliver()
  }

  #makeCells(): CellPipe {
    const { clock, random } = this.#ports
    return new CellPipe({
      clock,
      random,
      scope: this.#scope,
      heldBytes: () => this.#control.heldBytes,
      sendCell: (cell) => {
        this.#control.send(cell)
      },
      received: (stream, message) => {
        if (stream === 'control') this.#hooks.controlReceived(message)
        else this.#hooks.messageReceived(message)
      },
    })
  }

  /** The browser enforces the fingerprint of the description it was given; this looks once more where it can be seen. */
  async #checkCertificate(bound: Fingerprints): Promise<void> {
    const transport = this.#pc.sctp?.transport as Partial<RTCDtlsTransport> | undefined
    const certificate = transport?.getRemoteCertificates?.()[0]
    if (certificate === undefined) return
    if (!equal(await sha256(new Uint8Array(certificate)), bound.remote)) {
      throw new AuthenticationError('dtls-not-bound', 'the peer uses another DTLS certificate than it declared')
    }
  }

  #received(data: unknown, onControl: boolean, deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    const bytes = bytesOf(data)
    if (bytes === undefined) return
    if (this.#confirmed) {
      this.#deliver(bytes, deliver)
    } else if (onControl && this.#confirmation !== undefined) {
      this.#confirmation(bytes)
      this.#confirmation = undefined
    } else {
      this.#earlyBytes += bytes.length
      if (this.#earlyBytes > maxEarlyBytes) {
        this.#hooks.failed(new LimitError('early-data', 'too much data before the confirmation'))
        return
      }
      this.#early.push(() => {
        this.#deliver(bytes, deliver)
      })
    }
  }

  #deliver(bytes: Uint8Array<ArrayBuffer>, deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    try {
      deliver(bytes)
    } catch (error) {
      this.#hooks.failed(error)
    }
  }
}

function confirmationOf(
  key: Uint8Array<ArrayBuffer>,
  sender: ChannelRole,
  ownRole: ChannelRole,
  { local, remote }: Fingerprints,
): Promise<Uint8Array<ArrayBuffer>> {
  return ownRole === 'initiator'
    ? dtlsConfirmation(key, sender, local, remote)
    : dtlsConfirmation(key, sender, remote, local)
}

function opening(channel: RTCDataChannel): Promise<void> {
  if (channel.readyState === 'open') return Promise.resolve()
  return new Promise((resolve) => {
    channel.onopen = () => {
      resolve()
    }
  })
}

function bytesOf(data: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return data instanceof Uint8Array ? new Uint8Array(data) : undefined
}
