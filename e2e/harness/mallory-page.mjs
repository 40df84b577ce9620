/*
 * Runs in a page of its own, on the library file by file: a host that signs two histories of its room and shows one to each member that it meets.
 */
const load = (path) => import(new URL(path, import.meta.url).href)

const core = await load('index.js')
const { browserRuntime, createRoomLink, deriveRoomKeys, dhtRelayCarrier } = core
const { encodeRoomLink, importSeed, parseRoomLink, standardPolicy } = core
const { initiate } = await load('channel/index.js')
const { signEntry } = await load('control-log/signing.js')
const { roomIdentity } = await load('identity/index.js')
const { Scope } = await load('lifetime/index.js')
const { PeerSession } = await load('peer/index.js')
const { noTracks } = await load('peer/tracks.js')
const { encodeEntries } = await load('room/control.js')
const { encodeHello } = await load('room/hello.js')

const runtime = browserRuntime()
const { clock, random, peerConnections } = runtime
const seed = await importSeed(random.bytes(32))

const toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** The code of a new room whose host this is. */
async function makeRoom() {
  return encodeRoomLink(await createRoomLink(seed, random, standardPolicy))
}

/** Resolves when two members have each been shown another first entry. */
async function equivocate(code, relay) {
  const link = await parseRoomLink(code)
  const keys = await deriveRoomKeys(link)
  const identity = await roomIdentity(seed, link.roomId)
  const first = (mode, members) =>
    signEntry(identity, link.roomId, {
      seq: 1,
      previous: toHex(keys.logRoot),
      parents: [],
      lamport: 1,
      timeMs: 0,
      operation: { kind: 'entry', mode, members },
    })
  const carrier = dhtRelayCarrier({ urls: [relay], ...runtime })
  const scope = new Scope()
  const { signal } = scope
  const topic = await keys.topic('dht', clock.now())
  const hello = encodeHello({
    instance: random.bytes(16),
    joinedAtMs: clock.now(),
    media: false,
    host: true,
    name: 'Mallory',
    token: undefined,
  })
  const met = new Map()
  const judge = ({ peerId }) => (met.has(peerId) ? { kind: 'stop', reason: 'refused' } : { kind: 'proceed' })
  while (met.size < 2) {
    for await (const address of carrier.lookup(topic, { signal })) {
      const stream = await carrier.dial(topic, address, { signal })
      const context = { keys, identity, hello: () => hello, judge, clock, random, signal }
      const channel = await initiate(stream, context).catch(() => undefined)
      if (channel === undefined) continue
      const ports = { clock, random, peerConnections, ...keys.policy, iceServers: () => [], localTracks: noTracks }
      const session = new PeerSession(ports, 'initiator', false, scope)
      session.attach(channel)
      await channel.proven
      session.listen()
      met.set(channel.remote.peerId, session)
    }
  }
  // Both may stay by either history: so they go on telling each other what they know.
  const members = [...met.keys()]
  const histories = await Promise.all([first('knock', members), first('open', members)])
  for (const [index, session] of [...met.values()].entries()) {
    for (const control of encodeEntries([histories[index].bytes])) session.sendControl(control)
  }
}

globalThis.mallory = { makeRoom, equivocate }
