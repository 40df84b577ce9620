import { useEffect, useRef } from 'react'
import { cx } from './cx.ts'

export interface VideoProps {
  /** Handed to the element as it is. */
  readonly stream: MediaStream
  readonly mirrored?: boolean
  /** `cover` fills the frame, `contain` shows everything. */
  readonly fit?: 'cover' | 'contain'
  readonly className?: string
}

/** A silent picture; sound has elements of its own, so that it never depends on what is in view. */
export function Video({ stream, mirrored, fit = 'cover', className }: VideoProps) {
  const element = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const video = element.current
    if (!video) return
    if (video.srcObject !== stream) video.srcObject = stream
    return () => {
      video.srcObject = null
    }
  }, [stream])
  return (
    <video
      ref={element}
      autoPlay
      playsInline
      muted
      disablePictureInPicture={false}
      className={cx(
        'size-full',
        fit === 'cover' ? 'object-cover' : 'object-contain',
        mirrored && '-scale-x-100',
        className,
      )}
    />
  )
}
