import { LimitError, TransportError, type IceSource } from '@p2pigeon/core'

/** A node that does not answer within this has no ICE servers for us. */
const answerTimeoutMs = 2_000
/** A few servers with their credentials take less than 2 kB. */
const maxAnswerLength = 65_536

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
    if (!response.ok) throw new TransportError('no-ice-answer', 'the node gives no ICE servers')
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.length > maxAnswerLength) throw new LimitError('ice-answer-size', 'the answer is too long')
    }
    // What it holds is checked by who uses it (`IceSupply`).
    return JSON.parse(text) as Awaited<ReturnType<IceSource>>
  }
}
