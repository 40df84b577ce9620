import { listenTcp, type TcpPorts } from './tcp-listener.ts'
import { listenUdp, type Listener, type ListenAt } from './udp-listener.ts'

/** A port that is free for datagrams may be taken for streams: this many are tried. */
const maxTries = 16

async function listenOnce(at: ListenAt, ports: TcpPorts): Promise<Listener> {
  const udp = await listenUdp(at, ports.server, ports.limits)
  try {
    const tcp = await listenTcp({ ...at, port: udp.port }, ports)
    return {
      port: udp.port,
      close: async () => {
        await Promise.all([udp.close(), tcp.close()])
      },
    }
  } catch (error) {
    await udp.close()
    throw error
  }
}

/** Opens the same port for datagrams and streams, or neither; 0 takes any that is free for both. Rejects with what the system says. */
export async function listenBoth(at: ListenAt, ports: TcpPorts): Promise<Listener> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnce(at, ports)
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!taken || at.port !== 0 || tries === maxTries) throw error
    }
  }
}
