/** What scripts rely on. */
export const exitCode = {
  left: 0,
  failed: 1,
  usage: 2,
  full: 3,
  network: 4,
  removed: 5,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
