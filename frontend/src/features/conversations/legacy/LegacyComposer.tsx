import { useState, type KeyboardEvent } from 'react'
import { LockOpen, SendHorizontal } from 'lucide-react'
import { maxTextBytes } from '@p2pigeon/core/chat'
import { cx, IconButton } from '../../../ui/index.ts'
import { legacyText as words } from '../../../text/conversations/index.ts'
import { count } from '../../../text/index.ts'
import { bytesLeft } from '../conversation-words.ts'
import { cleanText } from '../../../ui/messages/index.ts'

/** Where a text to an old client is written. It looks and is called unlike the other one, so that nobody takes it for that. */
export function LegacyComposer({ send }: { readonly send: (content: string) => Promise<void> }) {
  const [written, setWritten] = useState('')
  const left = bytesLeft(written, maxTextBytes)
  const submit = async (): Promise<void> => {
    const sent = cleanText(written).trim()
    if (sent === '' || left < 0) return
    setWritten('')
    try {
      await send(sent)
    } catch {
      // What was not taken comes back, unless something else is being written by now; the page says why.
      setWritten((now) => (now === '' ? sent : now))
    }
  }
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While an input method composes, Enter chooses a word.
    if (event.nativeEvent.isComposing || event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    void submit()
  }
  return (
    <form
      className="shrink-0 border-t-2 border-dashed border-warn-ink bg-warn-soft px-3 pt-2 pb-3"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div className="mx-auto max-w-3xl">
        <p
          id="unprotected-said"
          className="mb-1.5 flex items-center gap-1.5 text-[0.8125rem] font-medium text-warn-ink"
        >
          <LockOpen size={14} aria-hidden />
          {words.composer.note}
        </p>
        <div className="flex items-end gap-2">
          <textarea
            aria-label={words.composer.field}
            aria-describedby="unprotected-said"
            aria-invalid={left < 0 || undefined}
            rows={1}
            enterKeyHint="send"
            value={written}
            placeholder={words.composer.placeholder}
            onChange={(event) => setWritten(event.currentTarget.value)}
            onKeyDown={keys}
            className="field-sizing-content max-h-40 min-h-11 min-w-0 flex-1 resize-none rounded-control border-2 border-dashed border-warn-ink bg-surface px-3.5 py-2 leading-normal placeholder:text-faint focus-visible:-outline-offset-1 aria-invalid:border-danger"
          />
          <IconButton
            type="submit"
            label={words.composer.send}
            tone="solid"
            disabled={written.trim() === '' || left < 0}
            className="disabled:text-faint"
          >
            <SendHorizontal size={19} aria-hidden />
          </IconButton>
        </div>
        <p
          role={left < 0 ? 'alert' : undefined}
          className={cx('text-[0.8125rem] text-danger-ink', left < 0 && 'mt-1.5')}
        >
          {left < 0 && words.composer.tooLong(count(-left))}
        </p>
      </div>
    </form>
  )
}
