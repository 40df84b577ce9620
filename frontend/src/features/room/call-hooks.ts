import { useEffect, useRef, useState, type DragEvent, type RefObject } from 'react'
import { meterLevel, type LevelMeter, type LocalMediaSnapshot } from '../../session/index.ts'
import { deviceFaultText } from '../../text/index.ts'
import { keyPressOf, shortcutOf, type Shortcuts } from './shortcuts.ts'

export function useShortcuts(enabled: boolean, shortcuts: Shortcuts): void {
  const latest = useRef({ enabled, shortcuts })
  useEffect(() => {
    latest.current = { enabled, shortcuts }
  })
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const name = shortcutOf(keyPressOf(event), latest.current.enabled)
      if (!name) return
      event.preventDefault()
      latest.current.shortcuts[name]()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
}

/** Measures the own microphone while it is on, for the own tile's highlight. */
export function useOwnMeter(local: LocalMediaSnapshot): RefObject<LevelMeter | undefined> {
  const meter = useRef<LevelMeter>(undefined)
  const { stream } = local
  const track = stream?.getAudioTracks()[0]
  const on = local.media.microphone === 'on'
  useEffect(() => {
    if (!stream || !track || !on) return
    const started = meterLevel(stream)
    meter.current = started
    return () => {
      meter.current = undefined
      started.stop()
    }
  }, [stream, track, on])
  return meter
}

interface Dropping {
  readonly onDragOver: (event: DragEvent) => void
  readonly onDragLeave: (event: DragEvent) => void
  readonly onDrop: (event: DragEvent) => void
}

/** Files dropped anywhere but where something within takes them itself. True while some are held above. */
export function useDropping(take: (items: DataTransferItemList) => void): readonly [boolean, Dropping] {
  const [isOver, setOver] = useState(false)
  return [
    isOver,
    {
      onDragOver(event) {
        if (!event.dataTransfer.types.includes('Files')) return
        setOver(!event.defaultPrevented)
        event.preventDefault()
      },
      onDragLeave(event) {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      },
      onDrop(event) {
        setOver(false)
        if (event.defaultPrevented || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        take(event.dataTransfer.items)
      },
    },
  ]
}

/** Says once that a device failed during the call. */
export function useDeviceFaults(
  { microphoneFault, cameraFault }: LocalMediaSnapshot,
  say: (words: string) => void,
): void {
  const latest = useRef(say)
  useEffect(() => {
    latest.current = say
  })
  const first = useRef(true)
  useEffect(() => {
    // Faults from before the call were shown before it.
    if (first.current) return
    if (microphoneFault) latest.current(deviceFaultText('microphone', microphoneFault).title)
  }, [microphoneFault])
  useEffect(() => {
    if (!first.current && cameraFault) latest.current(deviceFaultText('camera', cameraFault).title)
    first.current = false
  }, [cameraFault])
}

export function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}
