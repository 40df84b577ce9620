import type { ReactNode } from 'react'
import { DropdownMenu as Radix } from 'radix-ui'
import { cx } from '../cx.ts'

export interface Action {
  readonly id: string
  readonly label: string
  /** What else happens, in a line below. */
  readonly note?: string
  readonly icon: ReactNode
  readonly danger?: boolean
  readonly run: () => void
}

/** A menu of things to do with something. Non-modal for the reason that `ChoiceMenu` is. */
export function ActionMenu({ trigger, actions }: { readonly trigger: ReactNode; readonly actions: readonly Action[] }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="appear z-40 max-w-80 min-w-56 rounded-card bg-surface p-1.5 text-ink shadow-float inset-ring inset-ring-line"
        >
          {actions.map((action) => (
            <Radix.Item
              key={action.id}
              onSelect={action.run}
              className={cx(
                'flex min-h-10 cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 text-[0.875rem] outline-none select-none data-highlighted:bg-hover',
                action.danger && 'text-danger-ink',
              )}
            >
              <span aria-hidden className="shrink-0 text-faint">
                {action.icon}
              </span>
              <span className="min-w-0">
                {action.label}
                {action.note !== undefined && <span className="block text-[0.8125rem] text-soft">{action.note}</span>}
              </span>
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
