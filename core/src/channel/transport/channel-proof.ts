import { concat } from '../../bytes/index.ts'
import { verifySignature, type RoomIdentity } from '../../identity/index.ts'
import type { ChannelRole } from '../secure-channel.ts'

const proofDomain = 'p2pigeon/v1/channel'

/** A proof that came back, or that was made for the other end, does not hold. */
const roleCode: Readonly<Record<ChannelRole, number>> = { initiator: 1, responder: 2 }

/**
 * The first transport message of each end: the Ed25519 identity signs this very handshake. Without it a stolen X25519
 * static key and an old binding record would be enough to pass for someone.
 */
export async function signProof(identity: RoomIdentity, handshakeHash: Uint8Array, role: ChannelRole) {
  return identity.sign(proofDomain, proofMessage(handshakeHash, role))
}

/** True if the end that plays `role` made `proof` with `publicKey` over this handshake. */
export async function verifyProof(
  publicKey: Uint8Array,
  handshakeHash: Uint8Array,
  role: ChannelRole,
  proof: Uint8Array,
) {
  return verifySignature(publicKey, proofDomain, proofMessage(handshakeHash, role), proof)
}

function proofMessage(handshakeHash: Uint8Array, role: ChannelRole): Uint8Array {
  return concat(handshakeHash, Uint8Array.of(roleCode[role]))
}
