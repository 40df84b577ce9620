/**
 * The purposes keys are derived for, one HKDF context each: keys of different purposes tell nothing about each other.
 * These strings are frozen, since changing one changes everybody's identity. Entries without a caller are reserved, so
 * that no later purpose takes their name. None may begin with another: an id follows directly.
 */
export const contexts = Object.freeze({
  roomIdentity: 'p2pigeon/v1/room-identity',
  noiseStatic: 'p2pigeon/v1/x25519-noise-static',
  longTermIdentity: 'p2pigeon/v1/ed25519-identity',
  nostr: 'p2pigeon/v1/secp256k1-nostr',
  hyperswarm: 'p2pigeon/v1/hyperswarm-ed25519',
  localStorage: 'p2pigeon/v1/local-storage',
  device: 'p2pigeon/v1/ed25519-device',
  deviceNoise: 'p2pigeon/v1/x25519-device',
})

/** HKDF salt of everything that is derived from a seed, the user's or a device's. */
export const seedSalt = 'p2pigeon/v1/identity'
