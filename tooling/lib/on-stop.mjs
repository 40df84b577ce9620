const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const parent = process.ppid
const lookEveryMs = 500

/*
 * npm runs us under a shell. SIGTERM to npm ends that shell and goes no further: we would live on with nobody to end us.
 * Outside npm nothing is concluded from a new parent, since whoever started us may have meant us to outlive them.
 */
const watchesParent = process.env.npm_lifecycle_event !== undefined

/**
 * Calls `stop` with the signal that asks this program to end; `SIGTERM` stands for a parent that is gone.
 * @returns {() => void} forgets it, so that signals do what they do by themselves
 */
export function onStop(stop) {
  const timer = watchesParent
    ? setInterval(() => {
        if (process.ppid === parent) return
        clearInterval(timer)
        stop('SIGTERM')
      }, lookEveryMs).unref()
    : undefined
  for (const signal of signals) process.on(signal, stop)
  return () => {
    clearInterval(timer)
    for (const signal of signals) process.off(signal, stop)
  }
}
