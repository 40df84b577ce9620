import { useId, type ComponentProps, type ReactNode } from 'react'
import { ChevronDown } from 'lucide-react'
import { cx } from './cx.ts'

const box =
  'w-full rounded-control bg-surface text-ink inset-ring inset-ring-edge placeholder:text-faint transition-shadow duration-100 hover:inset-ring-soft focus-visible:-outline-offset-1 aria-invalid:inset-ring-danger'

export interface TextFieldProps extends ComponentProps<'input'> {
  readonly label: string
  /** Shown under the field and read with it. */
  readonly note?: ReactNode
  /** Replaces the note and marks the field as wrong. */
  readonly fault?: ReactNode
  readonly labelHidden?: boolean
}

/** One line of text with its label. */
export function TextField({ label, note, fault, labelHidden, className, ...rest }: TextFieldProps) {
  const id = useId()
  const said = fault ?? note
  return (
    <div className={className}>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'mb-1.5 block text-[0.875rem] font-medium'}>
        {label}
      </label>
      <input
        id={id}
        aria-invalid={fault ? true : undefined}
        aria-describedby={said ? `${id}-said` : undefined}
        className={cx(box, 'h-11 px-3.5')}
        {...rest}
      />
      <div
        id={`${id}-said`}
        role={fault ? 'alert' : undefined}
        className={cx('text-[0.8125rem]', said ? 'mt-1.5' : false, fault ? 'text-danger-ink' : 'text-faint')}
      >
        {said}
      </div>
    </div>
  )
}

export interface SelectFieldProps extends ComponentProps<'select'> {
  readonly label: string
  readonly icon: ReactNode
}

/** The browser's own list box: it opens as each system does it, and works on a phone. */
export function SelectField({ label, icon, className, children, ...rest }: SelectFieldProps) {
  return (
    <label className={cx('relative flex items-center', className)}>
      <span className="sr-only">{label}</span>
      <span className="pointer-events-none absolute left-3 text-faint">{icon}</span>
      <select className={cx(box, 'h-11 appearance-none truncate pr-9 pl-10')} {...rest}>
        {children}
      </select>
      <ChevronDown size={16} aria-hidden className="pointer-events-none absolute right-3 text-faint" />
    </label>
  )
}
