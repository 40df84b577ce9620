import { identityIdOf, isRosterInForce, type Roster } from '@p2pigeon/core/people'
import { neutralise } from '../../platform/index.ts'

/** The day in UTC: rosters are not about hours. */
const dayOf = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'a day out of reach' : date.toISOString().slice(0, 10)
}

const counted = (count: number, one: string, many: string): string => `${String(count)} ${count === 1 ? one : many}`

export function keyLines(fingerprint: string): readonly string[] {
  return [
    `Fingerprint: ${fingerprint}`,
    'Tell it to your people in a way that nobody can change: they compare it once.',
    'Keep the key file, and a copy of it, where only you can read them: whoever has it speaks for the organisation.',
  ]
}

export function signedLines({ organisation, seq, members, revoked, expiresAtMs }: Roster, fingerprint: string) {
  const who = counted(members.length, 'person', 'people')
  return [
    `Roster ${String(seq)} of ${neutralise(organisation)}: ${who}, ${counted(revoked.length, 'revoked key', 'revoked keys')}, until ${dayOf(expiresAtMs)}.`,
    `Fingerprint: ${fingerprint}`,
    'Keep this file: the next roster goes on from it.',
  ]
}

export function rosterLines(roster: Roster, fingerprint: string, nowMs: number): readonly string[] {
  const { organisation, seq, issuedAtMs, expiresAtMs, members, revoked } = roster
  const isOver = !isRosterInForce(roster, nowMs) && nowMs > expiresAtMs
  return [
    `Organisation: ${neutralise(organisation)}`,
    `Fingerprint: ${fingerprint}`,
    `Roster ${String(seq)}, from ${dayOf(issuedAtMs)} until ${dayOf(expiresAtMs)}${isOver ? ' (run out: it vouches for nobody)' : ''}`,
    '',
    `${counted(members.length, 'person', 'people')}:`,
    ...members.map(({ publicKey, name, record }) => {
      const devices = record === undefined ? 'key only' : counted(record.devices.length, 'device', 'devices')
      return `  ${identityIdOf(publicKey)}  ${neutralise(name)} (${devices})`
    }),
    ...(revoked.length === 0 ? [] : ['', `${counted(revoked.length, 'revoked key', 'revoked keys')}:`]),
    ...revoked.map(({ publicKey, atMs }) => `  ${identityIdOf(publicKey)}  since ${dayOf(atMs)}`),
  ]
}
