import { useEffect, useState } from 'react'

const minuteMs = 60_000

/** The time of now, again every minute: what is near is said shorter, and today becomes yesterday. */
export function useNow(now: () => number): number {
  const [read] = useState(() => now)
  const [nowMs, setNowMs] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(read()), minuteMs)
    return () => clearInterval(timer)
  }, [read])
  return nowMs
}
