import { createRoomLink, encodeRoomLink, importSeed, ProtocolManager, type Runtime } from '@p2pigeon/core'
import { nativeDhtCarrier } from '@p2pigeon/core/node'
import { startDht } from '../dht/index.ts'
import type { ClientOptions, OpenClient } from './run-cli.ts'

/** A `ProtocolManager` on the DHT that this machine reaches, chosen as the node chooses it, or on the given relays. */
export async function openClient(options: ClientOptions, runtime: Runtime): Promise<OpenClient> {
  const { seed, name, relayUrls, config, warn } = options
  const { clock, random } = runtime
  const dht =
    relayUrls.length > 0
      ? undefined
      : await startDht({
          mode: config.network,
          ...(config.bootstrap.length > 0 ? { bootstrap: config.bootstrap } : {}),
          clock,
          log: { info: () => undefined, warn },
        })
  const manager = new ProtocolManager()
  await manager.initialize({
    seed,
    ...(name === undefined ? {} : { displayName: name }),
    iceServers: config.iceServers.map(({ urls, username, credential }) => ({
      urls: [...urls],
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential: credential.reveal() }),
    })),
    serverlessMesh: dht === undefined ? { relayUrls } : { carrier: nativeDhtCarrier({ dht, clock, random }) },
    runtime,
  })
  return {
    joinRoom: (link) => manager.joinRoom(link),
    on: (event, listener) => manager.on(event, listener),
    async close() {
      await manager.close()
      await dht?.close()
    },
  }
}

/** The code of a link to a new room whose host is the seed's owner; needs no network. */
export async function freshLinkCode(seed: Uint8Array<ArrayBuffer>, runtime: Runtime): Promise<string> {
  return encodeRoomLink(await createRoomLink(await importSeed(seed), runtime.random))
}
