import { Host } from './host.ts'
import { Namespace } from './namespace.ts'
import type { Packet } from './packet.ts'
import { type Access, Site } from './site.ts'
import { Wires } from './wires.ts'

/** Addresses of the servers; both lead to the same host, so that a client can ask from two places. */
export const serverAddresses = ['203.0.113.1', '203.0.113.2'] as const

const externalOf = (number: number): string => `198.51.100.${9 + number}`
/** Each site is of another private range, as homes, offices and carriers are. */
const privateOf = (number: number): string =>
  [`192.168.${number}.23`, `10.77.${number}.5`, `172.20.${number}.9`][number % 3] ?? ''
const sitesAtMost = 200

/**
 * A world of its own: one host with public addresses for the servers, and hosts behind lines of any kind. Everything is
 * made of unnamed namespaces and goes when the lab is closed or this process ends.
 */
export class NetworkLab implements AsyncDisposable {
  readonly #wires: Wires
  readonly #sites = new Map<string, Site>()
  readonly #hosts: Host[] = []
  #numbers = 0

  private constructor(wires: Wires) {
    this.#wires = wires
  }

  static async create(): Promise<NetworkLab> {
    return new NetworkLab(await Wires.open())
  }

  /** The host of the public segment. */
  async server(): Promise<Host> {
    const host = await this.#host('server')
    await host.connect({}, serverAddresses)
    return host
  }

  /** A host behind a line of this kind. */
  async client(name: string, access: Access): Promise<Host> {
    const host = await this.#host(name)
    await host.connect(access)
    return host
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#hosts.splice(0)) await host.close()
    await this.#wires.close()
  }

  async #host(name: string): Promise<Host> {
    const namespace = await Namespace.create()
    const host = new Host(name, namespace, (access, addresses) => this.#attach(name, namespace, access, addresses))
    this.#hosts.push(host)
    return host
  }

  async #attach(name: string, namespace: Namespace, access: Access, publicAddresses?: readonly string[]) {
    this.#numbers += 1
    const number = this.#numbers
    if (number > sitesAtMost) throw new Error(`A lab has ${sitesAtMost} sites at most`)
    const external = externalOf(number)
    const addresses = publicAddresses ?? [
      access.nat === undefined || access.nat === 'none' ? external : privateOf(number),
    ]
    const site: Site = new Site({
      name,
      access,
      external,
      seed: number,
      toWorld: (packet) => {
        this.#route(packet)
      },
      toHost: (bytes) => {
        wire.send(bytes)
      },
    })
    for (const address of publicAddresses ?? [external]) this.#sites.set(address, site)
    const wire = await this.#wires.lay(namespace, `line${number}`, {
      addresses,
      receive: (packet) => {
        site.fromHost(packet)
      },
    })
    return { site, device: wire.device, address: addresses[0] ?? external }
  }

  #route(packet: Packet): void {
    this.#sites.get(packet.destination.address)?.fromWorld(packet)
  }
}
