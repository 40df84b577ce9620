import { useEffect, useState, type ReactNode } from 'react'
import { useReadable, type Undo } from '../../state/index.ts'
import { roomText } from '../../text/room/index.ts'
import type { Attachments } from './chat/index.ts'
import { Question } from './Question.tsx'

const words = roomText.chat.attach.leaving

/**
 * Leaving, which asks first while files of a message are on their way: the message goes out when they are there, and only while this page is in the room.
 * Whoever goes back is asked as well, and whoever closes the page by the browser.
 */
export function useLeaving(
  attachments: Attachments,
  leaveNow: () => void,
  keepHere: (asked: () => void) => Undo,
): { readonly leave: () => void; readonly question: ReactNode } {
  const { onWay } = useReadable(attachments.state)
  const [isAsking, setAsking] = useState(false)
  const isWaiting = onWay.length > 0
  useEffect(() => {
    if (!isWaiting) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    const letGo = keepHere(() => setAsking(true))
    return () => {
      window.removeEventListener('beforeunload', ask)
      letGo()
    }
  }, [isWaiting, keepHere])
  return {
    leave: () => (isWaiting ? setAsking(true) : leaveNow()),
    question: isAsking && (
      <Question
        title={words.title}
        body={isWaiting ? words.body(onWay.length) : words.sent}
        yes={words.yes}
        danger={isWaiting}
        act={leaveNow}
        close={() => setAsking(false)}
      />
    ),
  }
}
