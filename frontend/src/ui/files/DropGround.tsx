import { useState, type DragEvent, type ReactNode } from 'react'
import { Paperclip } from 'lucide-react'
import { cx } from '../index.ts'

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files')

/** Takes files that are dropped on it. `add` is undefined where none can be sent: a drop then does nothing, where the browser would open the file. */
export function DropGround({
  add,
  said,
  className,
  children,
}: {
  readonly add: ((files: readonly File[]) => void) | undefined
  /** Shown while files are held above: what a drop does. */
  readonly said: string
  readonly className: string
  readonly children: ReactNode
}) {
  const [isOver, setOver] = useState(false)
  return (
    <div
      className={cx('relative', className)}
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = add ? 'copy' : 'none'
        setOver(true)
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false)
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(false)
        add?.([...event.dataTransfer.files])
      }}
    >
      {children}
      {isOver && (
        <div className="appear pointer-events-none absolute inset-2 z-30 flex items-center justify-center rounded-card border-2 border-dashed border-accent bg-canvas/90">
          <p className="flex items-center gap-2.5 font-medium">
            <Paperclip size={20} aria-hidden className="text-accent" />
            {said}
          </p>
        </div>
      )}
    </div>
  )
}
