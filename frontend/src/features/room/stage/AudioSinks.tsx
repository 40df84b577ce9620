import { useEffect, useRef } from 'react'
import type { ParticipantView } from '@p2pigeon/core'

export interface AudioSinksProps {
  readonly participants: readonly ParticipantView[]
  readonly speakerId: string | undefined
  /** Counts up each time the user asked for sound: held-back elements then start. */
  readonly attempt: number
  readonly blocked: () => void
}

/** One sound element for each participant, whatever is in view. */
export function AudioSinks({ participants, speakerId, attempt, blocked }: AudioSinksProps) {
  return participants.map(
    ({ peerId, stream, mutedHere, mutedForAll }) =>
      stream && (
        <AudioSink
          key={peerId}
          stream={stream}
          muted={mutedHere || mutedForAll}
          speakerId={speakerId}
          attempt={attempt}
          blocked={blocked}
        />
      ),
  )
}

interface AudioSinkProps extends Omit<AudioSinksProps, 'participants'> {
  readonly stream: MediaStream
  readonly muted: boolean
}

function AudioSink({ stream, muted, speakerId, attempt, blocked }: AudioSinkProps) {
  const element = useRef<HTMLAudioElement>(null)
  useEffect(() => {
    const audio = element.current
    if (!audio) return
    if (audio.srcObject !== stream) audio.srcObject = stream
    return () => {
      audio.srcObject = null
    }
  }, [stream])
  useEffect(() => {
    let wanted = true
    element.current?.play().catch((error: unknown) => {
      if (wanted && error instanceof DOMException && error.name === 'NotAllowedError') blocked()
    })
    return () => {
      wanted = false
    }
  }, [stream, attempt, blocked])
  useEffect(() => {
    const audio = element.current
    if (!audio || !('setSinkId' in audio)) return
    // A speaker that was unplugged: the system's default goes on.
    audio.setSinkId(speakerId ?? '').catch(() => undefined)
  }, [speakerId])
  // eslint-disable-next-line jsx-a11y/media-has-caption -- live speech: nobody has captions for it
  return <audio ref={element} autoPlay muted={muted} />
}
