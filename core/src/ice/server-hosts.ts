/** Host names of STUN or TURN servers, TLS or not (RFC 7064, RFC 7065), each once. */
export function serverHosts(servers: readonly RTCIceServer[], scheme: 'stun' | 'turn'): string[] {
  const found = new Set<string>()
  for (const { urls } of servers) {
    for (const url of [urls].flat()) {
      const match = /^(stun|turn)s?:(\[[^\]]+\]|[^:?]+)/i.exec(url)
      if (match?.[1]?.toLowerCase() === scheme && match[2] !== undefined) found.add(match[2])
    }
  }
  return [...found]
}

/** True for a host, as a server's address writes it, that is this very machine. */
export function isLoopbackHost(host: string): boolean {
  return /^(127(\.\d+){3}|localhost|\[::1\])$/i.test(host)
}
