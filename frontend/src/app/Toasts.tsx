import { X } from 'lucide-react'
import { useReadable } from '../state/index.ts'
import type { Notices } from '../session/index.ts'
import { Button, cx, IconButton } from '../ui/index.ts'
import { text } from '../text/index.ts'

/** Toasts are for the eye; their words are spoken by the one live region, which keeps the last few lines. */
export function Toasts({ notices }: { readonly notices: Notices }) {
  const toasts = useReadable(notices.toasts)
  const lines = useReadable(notices.announcements)
  return (
    <>
      <div role="status" aria-atomic="false" className="sr-only">
        {lines.map((line) => (
          <p key={line.id}>{line.text}</p>
        ))}
      </div>
      <div className="pointer-events-none fixed inset-x-3 top-16 z-50 flex flex-col items-center gap-2 wide:inset-x-auto wide:top-auto wide:bottom-20 wide:left-5 wide:items-start">
        {toasts.map((toast) => (
          <div
            key={toast.id}
            onPointerEnter={() => notices.hold(toast.id)}
            onPointerLeave={() => notices.resume(toast.id)}
            onFocus={() => notices.hold(toast.id)}
            onBlur={() => notices.resume(toast.id)}
            className={cx(
              'appear pointer-events-auto flex max-w-full items-center gap-2 rounded-control py-1.5 pr-1.5 pl-4 text-[0.875rem] shadow-float',
              toast.tone === 'fault' ? 'bg-danger-soft text-danger-ink' : 'bg-ink text-canvas',
            )}
          >
            <span aria-hidden className="min-w-0 truncate py-1">
              {toast.text}
            </span>
            {toast.action && (
              <Button
                size="small"
                tone="quiet"
                className="font-semibold text-current! underline underline-offset-2 hover:bg-white/15!"
                onClick={() => {
                  toast.action?.run()
                  notices.dismiss(toast.id)
                }}
              >
                {toast.action.label}
              </Button>
            )}
            <IconButton
              size="small"
              label={text.common.dismiss}
              className="size-8! text-current! hover:bg-white/15!"
              onClick={() => notices.dismiss(toast.id)}
            >
              <X size={16} aria-hidden />
            </IconButton>
          </div>
        ))}
      </div>
    </>
  )
}
