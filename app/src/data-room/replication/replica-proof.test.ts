import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeDrives, maxNamed, parseDrives, provesReplica, replicaProof, replicaTopic } from './replica-proof.ts'

it('proves one secret, for one end of one connection', () => {
  const [secret, connection] = [randomBytes(32), randomBytes(64)]
  const proof = replicaProof(secret, 'member', connection)
  expect(provesReplica(proof, secret, 'member', connection)).toBe(true)
  expect(provesReplica(proof, secret, 'replica', connection)).toBe(false)
  expect(provesReplica(proof, secret, 'member', randomBytes(64))).toBe(false)
  expect(provesReplica(proof, randomBytes(32), 'member', connection)).toBe(false)
  expect(provesReplica(proof.subarray(1), secret, 'member', connection)).toBe(false)
  expect(replicaTopic(secret).equals(proof)).toBe(false)
})

it('reads names as they were written, and at most so many', () => {
  const drive = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => Buffer.from(key).toString('hex'))
  fc.assert(
    fc.property(fc.array(drive, { maxLength: 20 }), (drives) => {
      expect(parseDrives(encodeDrives(drives))).toEqual(drives)
    }),
  )
  const many = Array.from({ length: maxNamed + 1 }, () => randomBytes(32).toString('hex'))
  expect(parseDrives(encodeDrives(many))).toHaveLength(maxNamed)
  expect(parseDrives(new Uint8Array((maxNamed + 1) * 32))).toBeUndefined()
})

it('reads nothing from octets that are no list of keys', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(parseDrives(bytes) === undefined).toBe(bytes.length % 32 !== 0)
    }),
  )
})
