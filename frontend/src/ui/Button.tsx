import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

export type ButtonTone = 'primary' | 'plain' | 'quiet' | 'danger'

const tones: Readonly<Record<ButtonTone, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover disabled:bg-hover disabled:text-faint',
  plain: 'bg-surface text-ink inset-ring inset-ring-edge/60 hover:bg-hover disabled:text-faint',
  quiet: 'text-soft hover:bg-hover hover:text-ink disabled:text-faint',
  danger: 'bg-danger text-white hover:bg-danger-hover',
}

export interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: ButtonTone
  readonly size?: 'normal' | 'small'
}

/** A button with words. */
export function Button({ tone = 'plain', size = 'normal', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors duration-100',
        size === 'normal' ? 'h-11 px-4.5' : 'h-9 px-3 text-[0.875rem]',
        tones[tone],
        className,
      )}
      {...rest}
    />
  )
}

export interface IconButtonProps extends ComponentProps<'button'> {
  /** The accessible name; shown on hover by the browser when `hint` is set. */
  readonly label: string
  readonly hint?: boolean
  readonly tone?: 'quiet' | 'solid' | 'off' | 'on' | 'danger'
  readonly size?: 'normal' | 'small'
}

const iconTones: Readonly<Record<NonNullable<IconButtonProps['tone']>, string>> = {
  quiet: 'text-soft hover:bg-hover hover:text-ink',
  solid: 'bg-surface text-ink inset-ring inset-ring-line hover:bg-hover',
  off: 'bg-danger-soft text-danger-ink hover:brightness-95',
  on: 'bg-accent text-on-accent hover:bg-accent-hover',
  danger: 'bg-danger text-white hover:bg-danger-hover',
}

/** A button that shows an icon only. */
export function IconButton({
  label,
  hint,
  tone = 'quiet',
  size = 'normal',
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={hint ? label : undefined}
      className={cx(
        'relative inline-flex shrink-0 items-center justify-center rounded-control transition-colors duration-100',
        size === 'normal' ? 'size-11' : 'size-9',
        iconTones[tone],
        className,
      )}
      {...rest}
    />
  )
}
