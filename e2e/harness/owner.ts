/** Collects what a test starts; ended in reverse order, each to its end, whatever the others do. */
export function owner(): { own: <T>(thing: T, end: (thing: T) => Promise<unknown>) => T; end: () => Promise<void> } {
  const ends: (() => Promise<unknown>)[] = []
  return {
    own(thing, end) {
      ends.push(() => end(thing))
      return thing
    },
    async end() {
      const results = []
      for (const one of ends.reverse()) results.push(await Promise.allSettled([one()]))
      const failed = results.flat().find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}
