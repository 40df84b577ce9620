import type { ReactNode } from 'react'
import { Tooltip as Radix } from 'radix-ui'

const delayMs = 450

export function TooltipScope({ children }: { readonly children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={delayMs} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  )
}

/** Shows what an icon button does on hover and keyboard focus. `keys` is its shortcut. */
export function Tooltip({
  text,
  keys,
  children,
}: {
  readonly text: string
  readonly keys?: string
  readonly children: ReactNode
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={8}
          collisionPadding={8}
          className="appear z-50 flex max-w-64 items-center gap-2 rounded-md bg-ink px-2.5 py-1.5 text-[0.8125rem] text-canvas shadow-float"
        >
          {text}
          {keys && <kbd className="rounded border border-canvas/40 px-1 font-sans text-[0.6875rem]">{keys}</kbd>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
