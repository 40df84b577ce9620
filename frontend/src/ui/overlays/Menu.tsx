import type { ReactNode } from 'react'
import { Check } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'

export interface Choice {
  readonly id: string
  readonly label: string
}

export interface ChoiceGroup {
  readonly title: string
  readonly choices: readonly Choice[]
  readonly chosen: string
  readonly choose: (id: string) => void
}

/**
 * A menu of exclusive choices in groups. Non-modal on purpose: the modal kind locks scrolling with an injected style
 * element, which the content security policy forbids.
 */
export function ChoiceMenu({
  trigger,
  groups,
}: {
  readonly trigger: ReactNode
  readonly groups: readonly ChoiceGroup[]
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={8}
          collisionPadding={8}
          className="appear z-40 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-56 overflow-y-auto rounded-card bg-surface p-1.5 text-ink shadow-float inset-ring inset-ring-line"
        >
          {groups.map((group) => (
            <Radix.RadioGroup key={group.title} value={group.chosen} onValueChange={group.choose}>
              <Radix.Label className="px-2.5 pt-2 pb-1 text-[0.75rem] font-medium text-faint">
                {group.title}
              </Radix.Label>
              {group.choices.map((choice) => (
                <Radix.RadioItem
                  key={choice.id}
                  value={choice.id}
                  className="flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 text-[0.875rem] outline-none select-none data-highlighted:bg-hover"
                >
                  <span className="flex size-4 shrink-0 items-center justify-center text-accent">
                    <Radix.ItemIndicator>
                      <Check size={16} aria-hidden />
                    </Radix.ItemIndicator>
                  </span>
                  <span className="min-w-0 truncate">{choice.label}</span>
                </Radix.RadioItem>
              ))}
            </Radix.RadioGroup>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
