import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { run } from './command.ts'
import type { Namespace } from './namespace.ts'
import { type Packet, readdress, readPacket } from './packet.ts'

/** One end of a cable: the other end is a device in a namespace. */
export interface Wire {
  readonly device: string
  send(bytes: Buffer): void
}

const loopback = '127.0.0.1'
/**
 * Where tunnels lead: the broadcast address of the loopback device. What goes to a plain address of the machine itself,
 * the kernel looks for among its own tunnels and nowhere else.
 */
const tunnelEnd = '127.255.255.255'
const vxlanHead = 8
const ethernetHead = 14
const ipv4 = 0x0800
/** The station behind which each host finds the world; locally administered addresses (IEEE 802). */
const gatewayMac = '02:00:00:00:00:fe'
const macOf = (network: number): string =>
  `02:00:00:00:${(network >> 8).toString(16).padStart(2, '0')}:${(network & 255).toString(16).padStart(2, '0')}`
const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(':', ''), 'hex')

/**
 * Cables between namespaces and this process. A cable is a VXLAN device (RFC 7348) whose tunnel leads to a UDP socket
 * of ours on the loopback address: the kernel needs nothing but that device, and we see and route each packet.
 */
export class Wires {
  readonly #socket: Socket
  readonly #kernelPort: number
  readonly #receivers = new Map<number, (packet: Packet) => void>()
  #networks = 0

  private constructor(socket: Socket, kernelPort: number) {
    this.#socket = socket
    this.#kernelPort = kernelPort
    socket.on('message', (datagram) => {
      this.#receive(datagram)
    })
  }

  static async open(): Promise<Wires> {
    const [ours, kernels] = [createSocket('udp4'), createSocket('udp4')]
    await once(ours.bind(0, tunnelEnd), 'listening')
    await once(kernels.bind(0, loopback), 'listening')
    const { port } = kernels.address()
    kernels.close()
    await once(kernels, 'close')
    // a page of a megabyte arrives faster than we read; the system may grant less
    ours.setRecvBufferSize(4 * 1024 * 1024)
    return new Wires(ours, port)
  }

  /** Puts a device with these addresses into a namespace, and hands each packet that leaves it to `receive`. */
  async lay(
    namespace: Namespace,
    device: string,
    { addresses, receive }: { addresses: readonly string[]; receive: (packet: Packet) => void },
  ): Promise<Wire> {
    this.#networks += 1
    const network = this.#networks
    const gateway = '169.254.0.1'
    const outside = ['link', 'add', device, 'netns', String(namespace.pid), 'address', macOf(network), 'mtu', '1500']
    await run('ip', [
      ...[...outside, 'gso_max_segs', '1', 'type', 'vxlan', 'id', String(network), 'local', loopback],
      ...['dstport', String(this.#kernelPort), 'nolearning', 'noudpcsum'],
    ])
    const tunnel = ['dst', tunnelEnd, 'port', String(this.#socket.address().port)]
    await namespace.run('bridge', ['fdb', 'append', '00:00:00:00:00:00', 'dev', device, ...tunnel])
    for (const address of addresses) await namespace.run('ip', ['address', 'add', `${address}/32`, 'dev', device])
    await namespace.run('ip', ['link', 'set', device, 'up'])
    await namespace.run('ip', ['neighbour', 'add', gateway, 'lladdr', gatewayMac, 'dev', device, 'nud', 'permanent'])
    await namespace.run('ip', ['route', 'replace', 'default', 'via', gateway, 'dev', device, 'onlink'])

    this.#receivers.set(network, receive)
    const head = Buffer.alloc(vxlanHead + ethernetHead)
    head.writeUInt8(0x08, 0)
    head.writeUIntBE(network, 4, 3)
    macBytes(macOf(network)).copy(head, vxlanHead)
    macBytes(gatewayMac).copy(head, vxlanHead + 6)
    head.writeUInt16BE(ipv4, vxlanHead + 12)
    return {
      device,
      send: (bytes) => {
        // a datagram that the kernel does not take is a packet lost, as on any cable
        this.#socket.send([head, bytes], this.#kernelPort, loopback, () => undefined)
      },
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }

  #receive(datagram: Buffer): void {
    if (datagram.length < vxlanHead + ethernetHead) return
    const frame = datagram.subarray(vxlanHead)
    if (frame.readUInt16BE(12) !== ipv4) return
    const packet = readPacket(frame.subarray(ethernetHead))
    // the kernel leaves sums to hardware that is not there
    if (packet) this.#receivers.get(datagram.readUIntBE(4, 3))?.(readdress(packet))
  }
}
