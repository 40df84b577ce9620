import { PigeonError } from '@p2pigeon/core'

/**
 * What may be logged of an unexpected failure: its kind, its code, and where in the code it was made. Never its message,
 * which may quote an address or a peer's bytes. Our own errors promise a message without either.
 */
export function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return 'a value that is not an error was thrown'
  if (fault instanceof PigeonError) return `${fault.name} ${fault.code}: ${fault.message}`
  const code =
    'code' in fault && typeof fault.code === 'string' && /^[A-Z0-9_]{1,64}$/.test(fault.code) ? fault.code : ''
  const stack = fault.stack ?? ''
  // A message may be written like a stack: only what follows it counts, and without it nothing does.
  const messageAt = stack.indexOf(fault.message)
  const frames = messageAt < 0 ? [] : stack.slice(messageAt + fault.message.length).split('\n')
  const where = frames
    .filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 4)
    .map((line) => line.trim())
  return [`${fault.constructor.name} ${code}`.trim(), ...where].join(' ')
}
