import {
  deviceIdentity,
  importSeed,
  personalIdentity,
  type DeviceEntry,
  type DeviceIdentity,
  type PersonalIdentity,
  type RecordFields,
} from '../src/identity/index.ts'

export const identitySeed = Uint8Array.from({ length: 32 }, (_, index) => index)
export const laptopSeed = Uint8Array.from({ length: 32 }, (_, index) => 32 + index)
export const phoneSeed = Uint8Array.from({ length: 32 }, (_, index) => 64 + index)

export const startMs = 1_700_000_000_000

/** Frozen: computed once by an independent implementation of everything. A change here is a change of everybody's identity. */
export const frozen = {
  publicKey: '0d959604bdc95babc0e380d6e5e4cce54f069addf5497447e5d23eff4fda8113',
  nostrPublicKey: '16493fe5d5540d5955cdfd018bc20f7e0af3072ce95d4a6cde07a4d498eba921',
  devicePublicKey: '33fdb9de9c8db02488cde2f527638fb278d15b626eba460b17544dc001d6dd0a',
  deviceNoiseKey: '7313768907db1b4ba132c847798fd41ea8aaacbd9f7ce706a917d980d4369c55',
  record:
    '010d959604bdc95babc0e380d6e5e4cce54f069addf5497447e5d23eff4fda81130116493fe5d5540d5955cdfd018bc20f7e0af3072ce95d' +
    '4a6cde07a4d498eba92100000000000000070000018bcfe56800000001a3185c50000133fdb9de9c8db02488cde2f527638fb278d15b626e' +
    'ba460b17544dc001d6dd0a7313768907db1b4ba132c847798fd41ea8aaacbd9f7ce706a917d980d4369c550000018bcfe5680000064c6170' +
    '746f705cda1f61c737a9835982fda61a5b344178f5c426a1744f69b37cc563c90f579487d49b4cca496cab3c0a9c9fcb92dbc679ff09b00b' +
    '33282ccc531d05f3c9166c1ac3173d0c2b009999fa19efe292f757a46cb67f7e828dfe1a291a734733f3f63445e18803bc9f98d80ff3d3c4' +
    '9615f1e3de42bc3e9a156489e1ea0bcdd29d0c',
  /** What follows the record in the presentation for the room a0 a1 … af and the key 09 09 … 09. */
  presentationEnd:
    '0060dff7179af7c14ba6c5059dfb90fba87dedade60e4fd7a6bc1e87c59b1b5e0898746da4897ce4b6cfa79ac9aafc641baada8b1788fe2d' +
    'ad4693fd9324caff00',
}

export async function ada(): Promise<PersonalIdentity> {
  return personalIdentity(await importSeed(identitySeed))
}

export async function laptop(): Promise<DeviceIdentity> {
  return deviceIdentity(await importSeed(laptopSeed))
}

export async function phone(): Promise<DeviceIdentity> {
  return deviceIdentity(await importSeed(phoneSeed))
}

export function entryOf(device: DeviceIdentity, name = 'Laptop'): DeviceEntry {
  return { publicKey: device.publicKey, noisePublicKey: device.noisePublicKey, name, addedAtMs: startMs }
}

/** The fields of the frozen record, for any devices. */
export function fieldsOf(devices: readonly DeviceEntry[], seq = 7): RecordFields {
  return { devices, seq, notBeforeMs: startMs, notAfterMs: startMs + 100_000_000_000 }
}
