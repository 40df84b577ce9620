import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import type { RoomPolicy } from '@p2pigeon/core'
import { useReadable, type Undo } from '../state/index.ts'
import { useSession, type CallState, type EndReason } from '../session/index.ts'
import { PreJoinView } from '../features/pre-join/index.ts'
import { Button, MessagePage, PigeonMark, Spinner } from '../ui/index.ts'
import { text } from '../text/index.ts'
import { CareNotice } from './VaultParts.tsx'

const loadRoom = () => import('../features/room/index.ts')
const RoomView = lazy(() => loadRoom().then(({ RoomView: view }) => ({ default: view })))
const loadFiles = () => import('../features/files/index.ts')

const loadDoctor = () => import('../features/doctor/index.ts')
/** The page works by then, and what is fetched ahead keeps nobody waiting. */
const fetchAheadMs = 2_000

export interface RoomPageProps {
  readonly roomId: string
  readonly goHome: () => void
  /** Until the undo, going back asks first. */
  readonly keepHere: (asked: () => void) => Undo
  readonly corner: ReactNode
}

/** One room, from the door to the way out. */
export function RoomPage({ roomId, goHome, keepHere, corner }: RoomPageProps) {
  const session = useSession()
  const call = useReadable(session.call.state)
  const [link, setLink] = useState<{ readonly policy: RoomPolicy | undefined }>()
  /** The connection check, while it is open. */
  const [doctor, setDoctor] = useState<Awaited<ReturnType<typeof loadDoctor>>>()
  const checkConnection = (): void => {
    loadDoctor().then(setDoctor, () => session.notices.toast(text.doctor.broken, { tone: 'fault' }))
  }
  useEffect(() => {
    // The check is most wanted when the node that serves it is gone. Whoever asks for a part meets its failure.
    const ahead = setTimeout(() => {
      Promise.all([loadRoom(), loadDoctor(), session.doctor()]).catch(() => undefined)
    }, fetchAheadMs)
    let wanted = true
    void session.policyOf(roomId).then((policy) => {
      if (!wanted) return
      if (policy) void session.goBack(roomId)
      setLink({ policy })
    })
    return () => {
      wanted = false
      clearTimeout(ahead)
      void session.call.reset()
    }
  }, [session, roomId])
  if (link === undefined) return <Waiting words={text.node.checking} />
  const { policy } = link
  if (policy === undefined) return <UnknownRoom goHome={goHome} />
  return (
    <>
      <Inside
        call={call}
        preJoin={
          <PreJoinView
            roomId={roomId}
            policy={policy}
            goHome={goHome}
            checkConnection={checkConnection}
            corner={corner}
          />
        }
        goHome={goHome}
        keepHere={keepHere}
        checkConnection={checkConnection}
        corner={corner}
      />
      {doctor && <doctor.DoctorDialog privacy={policy.privacy} close={() => setDoctor(undefined)} />}
    </>
  )
}

interface InsideProps extends Omit<RoomPageProps, 'roomId'> {
  readonly call: CallState
  readonly preJoin: ReactNode
  readonly checkConnection: () => void
}

function Inside({ call, preJoin, goHome, keepHere, checkConnection, corner }: InsideProps) {
  switch (call.kind) {
    case 'in-room':
      return (
        <Suspense fallback={<Waiting words={text.preJoin.joining} />}>
          <RoomView
            room={call.room}
            keepHere={keepHere}
            checkConnection={checkConnection}
            loadFiles={loadFiles}
            corner={corner}
          />
        </Suspense>
      )
    case 'ended':
      return <Ended call={call} goHome={goHome} />
    case 'joining':
      return call.returning ? <Waiting words={text.room.returning} /> : preJoin
    case 'idle':
    case 'failed':
      return preJoin
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
          {mayComeBack(call.reason) && (
            <Button tone="primary" onClick={() => void session.rejoin(call.roomId)}>
              {call.reason === 'left' ? text.ended.rejoin : text.common.tryAgain}
            </Button>
          )}
          <Button onClick={goHome}>{text.common.home}</Button>
          <div className="mt-6 basis-full empty:hidden">
            <CareNotice />
          </div>
        </>
      }
    >
      {body}
    </MessagePage>
  )
}

/** Whoever was removed or turned away would find the door shut again. */
function mayComeBack(reason: EndReason): boolean {
  return reason === 'left' || reason === 'full' || reason === 'locked'
}

function endedWords(reason: EndReason, most: number): { readonly title: string; readonly body: string } {
  switch (reason) {
    case 'left':
      return { title: text.ended.leftTitle, body: text.ended.leftBody }
    case 'full':
      return { title: text.ended.fullTitle, body: text.ended.fullBody(most) }
    case 'turned-away':
      return { title: text.ended.turnedAwayTitle, body: text.ended.turnedAwayBody }
    case 'removed':
      return { title: text.ended.removedTitle, body: text.ended.removedBody }
    case 'locked':
      return { title: text.ended.lockedTitle, body: text.ended.lockedBody }
    case 'ended':
      return { title: text.ended.endedTitle, body: text.ended.endedBody }
  }
}
