import { useEffect, useRef } from 'react'
import { filesText } from '../../text/files/index.ts'
import type { Content } from './preview-content.ts'

/**
 * A page of its own, with an origin of its own that nothing else has: it runs one script of ours, connects nowhere, and gets the bytes by
 * message. The node's policy for it says the same once more (app/src/http/security-headers.ts).
 */
const framePage = '/preview.html'

export function PreviewFrame({
  name,
  content,
}: {
  readonly name: string
  readonly content: Exclude<Content, { kind: 'text' }>
}) {
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    const target = frame.current
    if (!target) return
    const hand = (event: MessageEvent): void => {
      if (event.source !== target.contentWindow || event.data !== 'ready') return
      // The frame's origin is opaque: there is no name for it that could be given here.
      target.contentWindow?.postMessage({ kind: content.kind, blob: content.blob, name }, '*')
    }
    window.addEventListener('message', hand)
    target.src = framePage
    return () => window.removeEventListener('message', hand)
  }, [content, name])
  return (
    <iframe
      ref={frame}
      title={filesText.preview.frame(name)}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      className="min-h-0 w-full flex-1 border-0 bg-sunken"
    />
  )
}
