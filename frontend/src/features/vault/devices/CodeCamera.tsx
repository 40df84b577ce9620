import { useEffect, useRef } from 'react'
import { readCode } from '../../../ui/qr/index.ts'

/** Often enough to feel immediate, seldom enough to leave the machine its time. */
const frameMs = 180

/** Looks for a code in what a camera sees, and closes the camera when it goes. */
export function CodeCamera({
  label,
  found,
  failed,
}: {
  readonly label: string
  readonly found: (text: string) => void
  readonly failed: () => void
}) {
  const video = useRef<HTMLVideoElement>(null)
  const ports = useRef({ found, failed })
  useEffect(() => {
    ports.current = { found, failed }
  })
  useEffect(() => {
    let stream: MediaStream | undefined
    let ended = false
    let looking = false
    const canvas = document.createElement('canvas')
    const look = async (): Promise<void> => {
      if (looking || !video.current) return
      looking = true
      const text = await readCode(video.current, canvas)
      looking = false
      if (text !== undefined && !ended) ports.current.found(text)
    }
    const timer = setInterval(() => void look(), frameMs)
    const close = (): void => stream?.getTracks().forEach((track) => track.stop())
    const open = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (ended) close()
      else if (video.current) {
        video.current.srcObject = stream
        await video.current.play().catch(() => undefined)
      }
    }
    open().catch(() => {
      if (!ended) ports.current.failed()
    })
    return () => {
      ended = true
      clearInterval(timer)
      close()
    }
  }, [])
  return (
    <video
      ref={video}
      muted
      playsInline
      aria-label={label}
      className="aspect-square w-full rounded-control bg-tile object-cover"
    />
  )
}
