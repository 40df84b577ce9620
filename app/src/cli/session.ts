import type { ProtocolEvents, Room, RoomView } from '@p2pigeon/core'
import type { Clock } from '@p2pigeon/core/node'
import type { CliEvent } from './events.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { viewChanges, type Watched } from './view-changes.ts'
import { faultOf, type Fault } from './words.ts'

/** The part of `ProtocolManager` that a session uses. */
export interface RoomClient {
  joinRoom(link: string): Promise<Room>
  /** Resolves when the connections take more: awaiting it is back-pressure. */
  sendMessage(roomId: string, content: string): Promise<string>
  on<K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]): () => void
}

export interface SessionPorts {
  readonly client: RoomClient
  readonly link: string
  /** Lines to send; its end is the wish to leave. */
  readonly lines: AsyncIterable<string>
  readonly emit: (event: CliEvent) => void
  readonly clock: Clock
  /** Aborts on Ctrl-C. */
  readonly interrupted: AbortSignal
}

/** Without any network for this long after the start, the session gives up; later losses are the carrier's to heal. */
export const firstContactMs = 30_000
/** Messages on their way when the input ends get this long to arrive: `echo hello | pigeon join …` must not cut itself off. */
export const drainMs = 5_000

/** A promise and its outcome; the first outcome stays. */
function decision<T>(): { readonly made: Promise<T>; readonly make: (outcome: T) => void } {
  let make: (outcome: T) => void = () => undefined
  const made = new Promise<T>((resolve) => {
    make = resolve
  })
  return { made, make }
}

const onTheWay = (view: RoomView): boolean =>
  view.messages.some((message) => message.own && message.delivery.kind === 'sending')

/** Sends each line; resolves when the user is done. A line that cannot be sent is reported and forgotten. */
async function sendLines(room: Room, { client, lines, emit }: SessionPorts): Promise<void> {
  for await (const line of lines) {
    if (line.trim() === '/leave') return
    if (line.trim() === '') continue
    try {
      await client.sendMessage(room.roomId, line)
    } catch (error) {
      const { code, words } = faultOf(error)
      emit({ type: 'error', code, words })
    }
  }
}

/** Resolves when nothing is on its way any more, or `drainMs` have passed. */
function drained(room: Room, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel()
      unsubscribe()
      resolve()
    }
    const cancel = clock.after(drainMs, finish)
    const unsubscribe = room.subscribe(() => {
      if (!onTheWay(room.view())) finish()
    })
    if (!onTheWay(room.view())) finish()
  })
}

/** Ways out that no error object tells of. */
export const endings = {
  'no-network': { code: 'no-network', words: 'The network cannot be reached.', exit: exitCode.network },
  full: { code: 'room-full', words: 'This room is full.', exit: exitCode.full },
  removed: { code: 'room-removed', words: 'The host removed you from the room.', exit: exitCode.removed },
  locked: { code: 'room-locked', words: 'This room is locked: nobody is let in.', exit: exitCode.removed },
  ended: { code: 'room-ended', words: 'The host has ended the room for everybody.', exit: exitCode.left },
} as const

/** Tells every change of the room's picture, and ends the session when the room does. */
class Watch {
  #told: Watched = { contacted: false }
  readonly #room: Room
  readonly #emit: (event: CliEvent) => void
  readonly #fail: (fault: Fault) => void

  constructor(room: Room, emit: (event: CliEvent) => void, fail: (fault: Fault) => void) {
    this.#room = room
    this.#emit = emit
    this.#fail = fail
  }

  get contacted(): boolean {
    return this.#told.contacted
  }

  /** Own messages that nobody has acknowledged. */
  get undelivered(): number {
    return [...(this.#told.own?.values() ?? [])].filter((told) => told === 'sent').length
  }

  look(): void {
    const { events, now } = viewChanges(this.#told, this.#room.view())
    this.#told = now
    events.forEach(this.#emit)
    if (now.room !== undefined && now.room in endings) this.#fail(endings[now.room as keyof typeof endings])
  }
}

/** Enters the room, carries lines in and events out, leaves, and gives the exit code. Never rejects. */
export async function runSession(ports: SessionPorts): Promise<ExitCode> {
  const { client, link, emit, clock, interrupted } = ports
  const end = decision<ExitCode>()
  let ended = false
  let watch: Watch | undefined
  const fail = ({ code, words, exit }: Fault): void => {
    if (!ended) emit({ type: 'error', code, words })
    end.make(exit)
  }
  const leave = (): void => {
    end.make(exitCode.left)
  }
  interrupted.addEventListener('abort', leave, { once: true })
  if (interrupted.aborted) leave()
  const undo = [
    () => {
      interrupted.removeEventListener('abort', leave)
    },
    clock.after(firstContactMs, () => {
      if (watch?.contacted !== true) fail(endings['no-network'])
    }),
    client.on('onPeerConnect', ({ peer: { peerId, name, isHost } }) => {
      emit({ type: 'peer-connected', peerId, name, isHost })
    }),
    client.on('onPeerDisconnect', ({ peer: { peerId, name }, reason }) => {
      emit({ type: 'peer-left', peerId, name, reason })
    }),
    client.on('onMessageReceived', ({ message: { id, from, fromName, own, content, files, sentAtMs } }) => {
      if (!own) emit({ type: 'message', id, from, name: fromName, text: content, files, sentAtMs })
    }),
  ]

  let room: Room | undefined
  const enter = async (): Promise<void> => {
    room = await client.joinRoom(link)
    if (ended) return
    const { peerId, name, isHost } = room.view().self
    emit({ type: 'joined', roomId: room.roomId, peerId, name, isHost })
    const watching = new Watch(room, emit, fail)
    watch = watching
    undo.push(
      room.subscribe(() => {
        watching.look()
      }),
    )
    watching.look()
    await sendLines(room, ports)
    await drained(room, clock)
  }
  enter().then(leave, (error: unknown) => {
    fail(faultOf(error))
  })

  const code = await end.made
  ended = true
  for (const forget of undo.splice(0)) forget()
  watch?.look()
  const undelivered = watch?.undelivered ?? 0
  // A join that is still under way is ended by whoever owns the client.
  await room?.leave().catch(() => undefined)
  if (undelivered > 0)
    emit({ type: 'error', code: 'undelivered', words: `Messages that reached nobody: ${String(undelivered)}.` })
  emit({ type: 'left' })
  return code
}
