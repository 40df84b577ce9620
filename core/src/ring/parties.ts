import type { RemoteParty } from '../channel/index.ts'
import { equal } from '../bytes/index.ts'
import { CodecError, AuthenticationError } from '../errors/index.ts'
import {
  isInForce,
  peerIdOf,
  readRecord,
  successionOf,
  type DeviceIdentity,
  type IdentityRecord,
  type RoomIdentity,
} from '../identity/index.ts'

/** A device as the channel's identity: what proves itself in a handshake of a call. */
export function channelIdentity(device: DeviceIdentity): RoomIdentity {
  const { publicKey, noiseStatic } = device
  return {
    peerId: peerIdOf(publicKey),
    publicKey,
    noiseStatic,
    sign: (domain, message) => device.sign(domain, message),
  }
}

/**
 * The person for whom the other end of a handshake may speak: its hello is a genuine record, in force by our clock, that lists the device whose key
 * the channel proves. Undefined otherwise: whatever is wrong with it, it is nobody.
 */
export async function personBehind(remote: RemoteParty, nowMs: number): Promise<IdentityRecord | undefined> {
  let record: IdentityRecord
  try {
    record = await readRecord(remote.hello)
  } catch (error) {
    if (error instanceof CodecError || error instanceof AuthenticationError) return undefined
    throw error
  }
  const listed = record.devices.some((device) => equal(device.publicKey, remote.publicKey))
  return listed && isInForce(record, nowMs) ? record : undefined
}

/** True unless a later record of this person is known, or another one of the same number: then this one is a replay or a forgery. */
export function isUpToDate(met: IdentityRecord, known: IdentityRecord | undefined): boolean {
  if (known === undefined) return true
  const succession = successionOf(known, met)
  return succession === 'newer' || succession === 'same'
}
