/** The value that tells STUN from everything else (RFC 8489 section 5). */
export const magicCookie = 0x2112a442

export const headerBytes = 20
export const transactionIdBytes = 12

/** Method numbers (RFC 8489 section 18.2, RFC 8656 section 17). */
export const methods = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const

/** Attribute types that this server reads or writes (RFC 8489 section 18.3, RFC 8656 section 18). */
export const attributeTypes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  evenPort: 0x0018,
  requestedTransport: 0x0019,
  messageIntegritySha256: 0x001c,
  xorMappedAddress: 0x0020,
  reservationToken: 0x0022,
  fingerprint: 0x8028,
} as const

/** Types below this must be understood by whoever gets them (RFC 8489 section 15). */
export const firstOptionalType = 0x8000

/** IANA protocol number of UDP, the one relayed transport there is (RFC 8656 section 18.8). */
export const udpProtocol = 17

/** Channel numbers that a client may bind (RFC 8656 section 12). */
export const firstChannel = 0x4000
export const lastChannel = 0x4fff
