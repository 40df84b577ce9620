/** What scripts rely on. */
export const exitCode = {
  left: 0,
  failed: 1,
  usage: 2,
  full: 3,
  network: 4,
  removed: 5,
  /** Nobody came who knows the room's files. */
  nobody: 6,
  /** Broken off by Ctrl-C before it was done. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
