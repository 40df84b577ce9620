import type { ReactNode } from 'react'
import { FileIcon } from './FileIcon.tsx'

export interface FileRowProps {
  /** A line that ends before it is too long. */
  readonly name: ReactNode
  /** What the file is said to be, for its icon. */
  readonly type: string
  readonly said: string
  readonly isFault: boolean
  readonly below?: ReactNode
  /** Buttons at its end. */
  readonly children: ReactNode
}

/** A file that is chosen, or on its way. */
export function FileRow({ name, type, said, isFault, below, children }: FileRowProps) {
  return (
    <li className="flex items-center gap-3 py-1.5 pr-1 pl-3">
      <FileIcon type={type} size={20} />
      <div className="min-w-0 flex-1 text-[0.8125rem]">
        {name}
        <p role={isFault ? 'alert' : undefined} className={isFault ? 'text-danger-ink' : 'text-faint'}>
          {said}
        </p>
        {below}
      </div>
      {children}
    </li>
  )
}
