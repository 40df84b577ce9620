import type { Neighbour } from './neighbour.ts'

/** What a carrier must never see of these people and of the link they meet by. */
export function secretsOf(people: readonly Neighbour[], linkCode: string): Uint8Array[] {
  const link = Buffer.from(linkCode, 'base64url')
  return [
    Buffer.from(linkCode),
    // Room id and secret.
    link.subarray(3, 19),
    link.subarray(19, 51),
    Buffer.from('Neighbour'),
    ...people.flatMap(({ record, devices }) => [
      record.publicKey,
      ...(record.nostrPublicKey === undefined ? [] : [record.nostrPublicKey]),
      ...devices.flatMap(({ publicKey, noisePublicKey }) => [publicKey, noisePublicKey]),
    ]),
  ]
}

export function holdsAny(captured: readonly Uint8Array[], secrets: readonly Uint8Array[]): boolean {
  return captured.some((frame) => secrets.some((secret) => Buffer.from(frame).includes(Buffer.from(secret))))
}
