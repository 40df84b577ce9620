import type { Clock, ProtocolEvents, Room, RoomView } from '@p2pigeon/core'
import type { CliEvent } from './events.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { viewChanges, type Watched } from './view-changes.ts'
import { faultOf } from './words.ts'

/** The part of `ProtocolManager` that a session uses. */
export interface RoomClient {
  joinRoom(link: string): Promise<Room>
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
async function sendLines(room: Room, { lines, emit }: SessionPorts): Promise<void> {
  for await (const line of lines) {
    if (line.trim() === '/leave') return
    if (line.trim() === '') continue
    try {
      const id = room.sendMessage(line)
      const to = room.view().participants.filter(({ connection }) => connection.kind !== 'connecting').length
      emit({ type: 'sent', id, to })
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

/** Enters the room, carries lines in and events out, leaves, and gives the exit code. Never rejects. */
export async function runSession(ports: SessionPorts): Promise<ExitCode> {
  const { client, link, emit, clock, interrupted } = ports
  const undo: (() => void)[] = []
  const end = decision<ExitCode>()
  let watched: Watched = { contacted: false }
  const interrupt = (): void => {
    end.make(exitCode.left)
  }
  interrupted.addEventListener('abort', interrupt, { once: true })
  if (interrupted.aborted) interrupt()
  undo.push(
    () => {
      interrupted.removeEventListener('abort', interrupt)
    },
    client.on('onPeerConnect', ({ peer: { peerId, name, isHost } }) => {
      emit({ type: 'peer-connected', peerId, name, isHost })
    }),
    client.on('onPeerDisconnect', ({ peer: { peerId, name }, reason }) => {
      emit({ type: 'peer-left', peerId, name, reason })
    }),
    client.on('onMessageReceived', ({ message: { id, from, fromName, own, content, sentAtMs } }) => {
      if (!own) emit({ type: 'message', id, from, name: fromName, text: content, sentAtMs })
    }),
  )
  const fail = (code: string, error?: unknown): void => {
    const fault = error === undefined ? undefined : faultOf(error)
    emit({ type: 'error', code: fault?.code ?? code, words: fault?.words ?? endings[code]?.words ?? '' })
    end.make(fault?.exit ?? endings[code]?.exit ?? exitCode.failed)
  }
  undo.push(
    clock.after(firstContactMs, () => {
      if (!watched.contacted) fail('no-network')
    }),
  )
  const entered = client.joinRoom(link).then(
    (room) => {
      const { peerId, name, isHost } = room.view().self
      emit({ type: 'joined', roomId: room.roomId, peerId, name, isHost })
      const look = (): void => {
        const { events, now } = viewChanges(watched, room.view())
        watched = now
        events.forEach(emit)
        if (now.room === 'full' || now.room === 'removed') fail(`room-${now.room}`)
      }
      undo.push(room.subscribe(look))
      look()
      void sendLines(room, ports)
        .then(() => drained(room, clock))
        .catch((error: unknown) => {
          fail('input', error)
        })
        .finally(interrupt)
      return room
    },
    (error: unknown) => {
      fail('join', error)
      return undefined
    },
  )

  const code = await end.made
  for (const forget of undo.splice(0)) forget()
  // A join that is still under way is ended by whoever owns the client.
  const room = await Promise.race([entered, Promise.resolve(undefined)])
  await room?.leave().catch(() => undefined)
  const undelivered = watched.pending?.size ?? 0
  if (undelivered > 0) emit({ type: 'error', code: 'undelivered', words: `Messages that reached nobody: ${String(undelivered)}.` })
  emit({ type: 'left' })
  return code
}

const endings: Readonly<Record<string, { readonly words: string; readonly exit: ExitCode }>> = {
  'no-network': { words: 'The network cannot be reached.', exit: exitCode.network },
  'room-full': { words: 'This room is full.', exit: exitCode.full },
  'room-removed': { words: 'The host removed you from the room.', exit: exitCode.removed },
}
