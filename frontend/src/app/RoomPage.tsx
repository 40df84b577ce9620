import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { useReadable } from '../state/index.ts'
import { useSession, type CallState } from '../session/index.ts'
import { PreJoinView } from '../features/pre-join/index.ts'
import { Button, MessagePage, PigeonMark, Spinner } from '../ui/index.ts'
import { text } from '../text/index.ts'

const loadRoom = () => import('../features/room/index.ts')
const RoomView = lazy(() => loadRoom().then(({ RoomView: view }) => ({ default: view })))

export interface RoomPageProps {
  readonly roomId: string
  readonly goHome: () => void
  readonly corner: ReactNode
}

/** One room, from the door to the way out. */
export function RoomPage({ roomId, goHome, corner }: RoomPageProps) {
  const session = useSession()
  const call = useReadable(session.call.state)
  const [known, setKnown] = useState<boolean>()
  useEffect(() => {
    void loadRoom()
    let wanted = true
    void session.knows(roomId).then((answer) => {
      if (!wanted) return
      if (answer) void session.goBack(roomId)
      setKnown(answer)
    })
    return () => {
      wanted = false
      void session.call.reset()
    }
  }, [session, roomId])
  if (known === undefined) return <Waiting words={text.node.checking} />
  if (!known) return <UnknownRoom goHome={goHome} />
  switch (call.kind) {
    case 'in-room':
      return (
        <Suspense fallback={<Waiting words={text.preJoin.joining} />}>
          <RoomView room={call.room} corner={corner} />
        </Suspense>
      )
    case 'ended':
      return <Ended call={call} goHome={goHome} />
    case 'joining':
      return call.returning ? (
        <Waiting words={text.room.returning} />
      ) : (
        <PreJoinView roomId={roomId} goHome={goHome} corner={corner} />
      )
    case 'idle':
    case 'failed':
      return <PreJoinView roomId={roomId} goHome={goHome} corner={corner} />
  }
}

function Waiting({ words }: { readonly words: string }) {
  return (
    <main className="flex min-h-dvh items-center justify-center gap-3 text-soft">
      <Spinner /> {words}
    </main>
  )
}

function UnknownRoom({ goHome }: { readonly goHome: () => void }) {
  return (
    <MessagePage
      icon={<PigeonMark className="size-14" />}
      title={text.unknownRoom.title}
      actions={
        <Button tone="primary" onClick={goHome}>
          {text.unknownRoom.toHome}
        </Button>
      }
    >
      {text.unknownRoom.body}
    </MessagePage>
  )
}

function Ended({
  call,
  goHome,
}: {
  readonly call: Extract<CallState, { kind: 'ended' }>
  readonly goHome: () => void
}) {
  const session = useSession()
  const { title, body } = endedWords(call.reason, session.limits.maxParticipants)
  return (
    <MessagePage
      icon={<PigeonMark className="size-14" />}
      title={title}
      actions={
        <>
          {call.reason !== 'removed' && (
            <Button tone="primary" onClick={() => void session.rejoin(call.roomId)}>
              {call.reason === 'full' ? text.common.tryAgain : text.ended.rejoin}
            </Button>
          )}
          <Button onClick={goHome}>{text.common.home}</Button>
        </>
      }
    >
      {body}
    </MessagePage>
  )
}

function endedWords(
  reason: 'left' | 'full' | 'removed',
  most: number,
): { readonly title: string; readonly body: string } {
  switch (reason) {
    case 'left':
      return { title: text.ended.leftTitle, body: text.ended.leftBody }
    case 'full':
      return { title: text.ended.fullTitle, body: text.ended.fullBody(most) }
    case 'removed':
      return { title: text.ended.removedTitle, body: text.ended.removedBody }
  }
}
