import { useRef } from 'react'
import { Paperclip } from 'lucide-react'
import { Fault, type ChatFiles } from '../../../session/index.ts'
import { IconButton } from '../../../ui/index.ts'
import { filesText as words } from '../../../text/conversations/index.ts'

/** Chooses files. Where the node keeps none it says so, by its title and when it is pressed. */
export function AttachButton({
  files,
  add,
  complain,
}: {
  readonly files: ChatFiles
  readonly add: (files: readonly File[]) => void
  readonly complain: (error: unknown) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const isOff = files.maxBytes === undefined
  return (
    <>
      <IconButton
        label={words.attach}
        title={isOff ? words.off : words.attach}
        aria-disabled={isOff}
        aria-describedby={isOff ? 'attach-off' : undefined}
        className="aria-disabled:text-faint aria-disabled:opacity-60 aria-disabled:hover:bg-transparent"
        onClick={() => (isOff ? complain(new Fault('no-file-store')) : input.current?.click())}
      >
        <Paperclip size={20} aria-hidden />
      </IconButton>
      {isOff && (
        <span id="attach-off" hidden>
          {words.off}
        </span>
      )}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])])
          // The same file can be chosen again.
          currentTarget.value = ''
        }}
      />
    </>
  )
}
