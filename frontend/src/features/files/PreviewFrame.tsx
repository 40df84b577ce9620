import { useEffect, useRef, useState } from 'react'
import type { OpenedFile } from '@p2pigeon/core/files'
import { cx } from '../../ui/index.ts'
import { filesText } from '../../text/files/index.ts'
import type { FrameWord, Handed } from '../../viewers/index.ts'
import type { Content } from './preview-content.ts'
import { serveRanges } from './serve-ranges.ts'

/*
 * Frames have an origin of their own that nothing else has: each runs one script of ours, connects nowhere, and gets bytes by message. The node's
 * policy for them says the same once more (app/src/http/security-headers.ts).
 */

const words = filesText.preview

interface FrameProps {
  readonly name: string
  readonly shown?: () => void
  readonly failed: () => void
}

/** A file that was fetched whole: a picture, a sound, or a film that cannot be played in parts. */
export function PreviewFrame({
  content: { kind, blob },
  ...props
}: FrameProps & { readonly content: Exclude<Content, { kind: 'text' }> }) {
  const { name } = props
  return (
    <Frame
      {...props}
      page="/preview.html"
      hand={(target) => {
        target.postMessage({ kind, blob, name }, '*')
        return undefined
      }}
    />
  )
}

/** A file of which the frame asks for the parts that it shows. */
export function StreamedFrame({
  kind,
  file,
  ...props
}: FrameProps & { readonly kind: 'pdf' | 'video'; readonly file: OpenedFile }) {
  const { name, failed } = props
  return (
    <Frame
      {...props}
      page={kind === 'pdf' ? '/preview-pdf.html' : '/preview-film.html'}
      hand={(target) => {
        const { port1, port2 } = new MessageChannel()
        const stop = serveRanges(port1, file)
        const { sizeBytes } = file
        const give = (worker: Blob | undefined): void => {
          const handed: Handed = { name, sizeBytes, words: { page: words.page }, worker }
          target.postMessage(handed, '*', [port2])
        }
        if (kind === 'pdf') pdfWorker().then(give, failed)
        else give(undefined)
        return stop
      }}
    />
  )
}

/** The frame cannot fetch it: it has no network. */
async function pdfWorker(): Promise<Blob> {
  const reply = await fetch('/preview-pdf-worker.js')
  if (!reply.ok) throw new TypeError('the worker is not there')
  return new Blob([await reply.text()], { type: 'text/javascript' })
}

interface AnyFrameProps extends FrameProps {
  readonly page: string
  /** Hands over what is to be shown; what it gives ends that. Called once for each frame. */
  readonly hand: (target: Window) => (() => void) | undefined
}

function Frame({ name, page, hand, shown, failed }: AnyFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [isShown, setShown] = useState(false)
  const latest = useRef({ hand, shown, failed })
  useEffect(() => {
    latest.current = { hand, shown, failed }
  })
  useEffect(() => {
    const target = frame.current
    if (!target) return
    let stop: (() => void) | undefined
    const hear = (event: MessageEvent<FrameWord>): void => {
      // The frame's origin is opaque: there is no name for it, and its window tells it from others.
      if (event.source !== target.contentWindow || !target.contentWindow) return
      if (event.data === 'ready') stop ??= latest.current.hand(target.contentWindow)
      else if (event.data === 'shown') {
        setShown(true)
        latest.current.shown?.()
      } else latest.current.failed()
    }
    window.addEventListener('message', hear)
    target.src = page
    return () => {
      window.removeEventListener('message', hear)
      stop?.()
    }
  }, [page])
  return (
    <iframe
      ref={frame}
      title={words.frame(name)}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      allow="fullscreen"
      className={cx('min-h-0 w-full flex-1 border-0 bg-sunken', !isShown && 'invisible')}
    />
  )
}
