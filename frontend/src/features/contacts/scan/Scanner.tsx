import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { Banner, Button, Spinner } from '../../../ui/index.ts'
import { contactsText as words } from '../../../text/contacts/index.ts'
import { deviceFaultText } from '../../../text/index.ts'
import { watchCamera } from './watch-camera.ts'

/** The camera's picture, until a code is found in it or it is stopped. */
export function Scanner({ found, stop }: { readonly found: (said: string) => void; readonly stop: () => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState<{ readonly kind: 'starting' | 'looking' } | { readonly fault: string }>({
    kind: 'starting',
  })
  const tell = useEffectEvent((said: string) => found(said))
  useEffect(() => {
    if (!video.current) return
    return watchCamera(video.current, {
      started: () => setState({ kind: 'looking' }),
      found: (said) => tell(said),
      failed: (code) => setState({ fault: code }),
    })
  }, [])
  const fault = 'fault' in state ? deviceFaultText('camera', state.fault) : undefined
  return (
    <div>
      <div className="relative aspect-square w-full overflow-hidden rounded-card bg-sunken">
        <video
          ref={video}
          muted
          playsInline
          aria-label={words.scan.video}
          className="absolute inset-0 size-full object-cover"
        />
        {!fault && (
          <span
            aria-hidden
            className="absolute inset-[14%] rounded-card inset-ring-2 inset-ring-white/80 outline-[999px] outline-black/35"
          />
        )}
        {fault && (
          <div role="alert" className="absolute inset-x-4 top-4">
            <Banner tone="fault" title={fault.title}>
              {fault.body}
            </Banner>
          </div>
        )}
      </div>
      <div className="mt-3 flex min-h-11 items-center justify-between gap-3">
        <p role="status" className="flex items-center gap-2.5 text-[0.875rem] text-soft">
          {!fault && 'kind' in state && state.kind === 'starting' && <Spinner />}
          {!fault && ('kind' in state && state.kind === 'starting' ? words.scan.starting : words.scan.aim)}
        </p>
        <Button onClick={stop}>{words.scan.stop}</Button>
      </div>
    </div>
  )
}
