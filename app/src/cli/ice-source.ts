import type { IceSource } from '@p2pigeon/core'

/** A node that does not answer within this has no ICE servers for us. */
const answerTimeoutMs = 2_000

/** The node that a whole room link leads to: its page would ask it for ICE servers, so we do. Undefined for a bare code. */
export function originOf(link: string): string | undefined {
  const address = link.trim().replace(/^["'<]/, '')
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined
  return new URL(address).origin
}

/** Asks a node for ICE servers (docs/turn.md). Nothing of the link but its origin is sent. */
export function nodeIceSource(origin: string): IceSource {
  return async () => {
    const response = await fetch(new URL('/ice', origin), {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    // What it holds is checked by who uses it (`IceSupply`).
    return (await response.json()) as Awaited<ReturnType<IceSource>>
  }
}
