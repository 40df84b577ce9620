/** Addresses tried on one rung; the rest would make the browser slow and tell nothing new. */
export const maxUrlsPerRung = 4

export type IceRung = 'stun' | 'turn-udp' | 'turn-tcp' | 'turn-tls'

/**
 * Servers by how they are reached (RFC 7064, 7065), each with its credentials. What browsers do not speak (`stuns:`, TURN over
 * DTLS) and what is no STUN or TURN URI is left out.
 */
export function iceGroups(servers: readonly RTCIceServer[]): Readonly<Record<IceRung, readonly RTCIceServer[]>> {
  const groups: Record<IceRung, RTCIceServer[]> = { stun: [], 'turn-udp': [], 'turn-tcp': [], 'turn-tls': [] }
  for (const server of servers) {
    for (const url of [server.urls].flat()) {
      const rung = rungOf(url)
      if (rung !== undefined && groups[rung].length < maxUrlsPerRung) groups[rung].push({ ...server, urls: url })
    }
  }
  return groups
}

function rungOf(url: string): IceRung | undefined {
  const [, scheme, rest = ''] = /^([a-z]+):([^?].*)$/is.exec(url) ?? []
  const transport = /[?&]transport=(\w+)/i.exec(rest)?.[1]?.toLowerCase()
  switch (scheme?.toLowerCase()) {
    case 'stun':
      return 'stun'
    case 'turn':
      return transport === 'tcp' ? 'turn-tcp' : transport === undefined || transport === 'udp' ? 'turn-udp' : undefined
    case 'turns':
      return transport === undefined || transport === 'tcp' ? 'turn-tls' : undefined
    default:
      return undefined
  }
}
