import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { join } from 'node:path'
import { systemClock } from '@p2pigeon/core/node'
import { startReplica } from '../../app/src/data-room/index.ts'
import { startDht } from '../../app/src/dht/index.ts'
import { Cleanup } from '../cleanup.ts'
import { BenchFault } from '../page/fault.ts'
import { nodeAt } from './node-at.ts'
import { newSegment, segmentBytes, untilFetched, type Contender } from './contender.ts'

const log = { error: console.error, warn: () => undefined, info: () => undefined }

/** Our node and a blind replica: written over HTTP, as clients do. */
export async function ourDrive(folder: string, bootstrap: readonly string[]): Promise<Contender> {
  const cleanup = new Cleanup()
  const enter = () => startDht({ mode: 'local', bootstrap, clock: systemClock, log })
  const dht = cleanup.use(await enter())
  const host = 'bench.example.org'
  const node = cleanup.use(await nodeAt(join(folder, 'node'), dht, host))
  const base = `http://127.0.0.1:${node.port}/data`
  let token = ''
  const call = async (method: string, path: string, body?: Buffer): Promise<unknown> => {
    const answer = await fetch(`${base}/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    })
    if (!answer.ok) throw new BenchFault(`the data room said ${await answer.text()}`)
    return answer.json()
  }
  ;({ token } = (await call('POST', 'session', proofFor(host))) as { token: string })
  const { drive } = (await call('POST', 'drives')) as { drive: string }
  const secret = randomBytes(32)
  let written = 0

  return {
    write: async (segments) => {
      const object = randomBytes(16).toString('hex')
      for (let n = 0; n < segments; n += 1) await call('PUT', `drives/${drive}/objects/${object}/${n}`, newSegment())
      written = segments * segmentBytes
    },
    fetch: async () => {
      const replica = cleanup.use(
        await startReplica({
          folder: join(folder, 'replica'),
          secret,
          dht: cleanup.use(await enter()),
          quotaBytes: 1e12,
          clock: systemClock,
          log,
          progress: () => undefined,
        }),
      )
      const named = Buffer.from(JSON.stringify({ drives: [drive], replica: secret.toString('hex') }))
      await call('POST', 'follow', named)
      return untilFetched(() => replica.progress().storedBytes, written)
    },
    close: () => cleanup.run(),
  }
}

function proofFor(host: string): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const head = Buffer.alloc(2)
  head.writeUInt16BE(host.length)
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(Date.now()))
  const nonce = randomBytes(16)
  const said = Buffer.concat([Buffer.from('p2pigeon/v1/data-session'), head, Buffer.from(host), time, nonce])
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  return Buffer.concat([key, time, nonce, sign(null, said, privateKey)])
}
