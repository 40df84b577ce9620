/*
 * Our TURN server as a process of its own, with the rates lifted so that the machine is the bound and not the limits.
 * Says its port and credentials in one line of JSON; ends with its standard input.
 */
import { systemClock } from '@p2pigeon/core/node'
import { iceAnswer, startTurn } from '../../app/src/turn/index.ts'

const turn = await startTurn({
  port: { kind: 'fixed', port: 0 },
  host: '127.0.0.1',
  publicAddresses: [],
  allowPeers: [],
  clock: systemClock,
  log: { warn: (line) => console.error(line) },
  limits: { bytesPerSecond: 1e12, totalBytesPerSecond: 1e12, maxBytesPerAllocation: 1e15 },
})
const sources = { embedded: turn, tlsUrls: [], stunUrls: [], turnUrls: [], turnSecret: undefined, fixed: [] }
const [, relay] = iceAnswer(sources, { hostname: 'localhost', behindTls: false }, Date.now()).iceServers
console.log(JSON.stringify({ port: turn.port, username: relay?.username, credential: relay?.credential }))
process.stdin.resume().once('end', () => void turn.close())
