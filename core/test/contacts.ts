import { organisationSigner, type ContactCard } from '../src/contacts/index.ts'
import {
  deviceIdentity,
  importSeed,
  personalIdentity,
  signRecord,
  type DeviceEntry,
  type IdentityRecord,
  type PersonalIdentity,
  type Signer,
} from '../src/identity/index.ts'

export const nowMs = 1_800_000_000_000
export const dayMs = 24 * 60 * 60 * 1000

/** Somebody by number, and their devices by number. */
export async function person(number: number): Promise<PersonalIdentity> {
  return personalIdentity(await importSeed(new Uint8Array(32).fill(number)))
}

const devices = new Map<number, DeviceEntry>()

export async function device(number: number, name = `Device ${String(number)}`): Promise<DeviceEntry> {
  const known = devices.get(number)
  if (known !== undefined) return { ...known, name }
  const { publicKey, noisePublicKey } = await deviceIdentity(await importSeed(new Uint8Array(32).fill(100 + number)))
  const entry = { publicKey, noisePublicKey, name, addedAtMs: nowMs }
  devices.set(number, entry)
  return entry
}

/** The record of person `who` with these devices: in force for a year around `nowMs`. */
export async function record(
  who: number,
  seq: number,
  deviceNumbers: readonly number[] = [who],
  times: { readonly notBeforeMs?: number; readonly notAfterMs?: number } = {},
): Promise<IdentityRecord> {
  const list = await Promise.all(deviceNumbers.map((one) => device(one)))
  const validity = { notBeforeMs: nowMs - dayMs, notAfterMs: nowMs + 365 * dayMs, ...times }
  return signRecord(await person(who), { devices: list, seq, ...validity })
}

/** The same without a Nostr key, as if its signature did not hold. */
export function withoutNostr(one: IdentityRecord): IdentityRecord {
  return { ...one, nostrPublicKey: undefined }
}

export async function card(who: number, name: string, seq = 1): Promise<ContactCard> {
  return { name, record: await record(who, seq) }
}

export async function organisation(number = 200): Promise<Signer> {
  return organisationSigner(new Uint8Array(32).fill(number))
}
