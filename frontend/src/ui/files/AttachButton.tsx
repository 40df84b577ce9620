import { useId, useRef } from 'react'
import { Paperclip } from 'lucide-react'
import { IconButton } from '../index.ts'

export interface AttachButtonProps {
  readonly label: string
  /** Why no files can be attached now; undefined where they can. */
  readonly off: string | undefined
  readonly add: (files: readonly File[]) => void
  /** It was pressed all the same. */
  readonly refused: () => void
}

/** Chooses files. Where none can be attached it says why, by its title and when it is pressed. */
export function AttachButton({ label, off, add, refused }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null)
  const why = useId()
  const isOff = off !== undefined
  return (
    <>
      <IconButton
        label={label}
        title={off ?? label}
        aria-disabled={isOff}
        aria-describedby={isOff ? why : undefined}
        className="aria-disabled:text-faint aria-disabled:opacity-60 aria-disabled:hover:bg-transparent"
        onClick={() => (isOff ? refused() : input.current?.click())}
      >
        <Paperclip size={20} aria-hidden />
      </IconButton>
      {isOff && (
        <span id={why} hidden>
          {off}
        </span>
      )}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])])
          // The same file can be chosen again.
          currentTarget.value = ''
        }}
      />
    </>
  )
}
