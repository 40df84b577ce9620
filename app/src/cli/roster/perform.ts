import { resolve } from 'node:path'
import { UsageError } from '@p2pigeon/core'
import {
  cleanPetname,
  identityIdOf,
  maxRevoked,
  organisationFingerprint,
  readCard,
  signRoster,
  type Revocation,
  type Roster,
  type RosterMember,
} from '@p2pigeon/core/people'
import type { RosterCommand } from './command.ts'
import { readMembersFile } from './members-file.ts'
import { makeOrganisationKey, readOrganisationKey } from './organisation-key.ts'
import type { RosterPorts } from './ports.ts'
import { bad, readRosterFile, writeRosterFile } from './roster-file.ts'
import { keyLines, rosterLines, signedLines } from './lines.ts'

type Sign = Extract<RosterCommand, { kind: 'sign' }>

const dayMs = 24 * 60 * 60 * 1000

/**
 * Makes, signs or shows what organisations say of their people.
 * @throws {UsageError} with a message for the user: `bad-key-file`, `bad-members-file`, `bad-roster-file`, `bad-arguments`.
 */
export async function perform(command: RosterCommand, ports: RosterPorts): Promise<void> {
  const lines = await linesOf(command, ports)
  lines.forEach(ports.out)
}

async function linesOf(command: RosterCommand, { folder, clock, random }: RosterPorts): Promise<readonly string[]> {
  switch (command.kind) {
    case 'key': {
      const { publicKey } = await makeOrganisationKey(resolve(folder, command.file), random)
      return keyLines(await organisationFingerprint(publicKey))
    }
    case 'sign': {
      const roster = await sign(command, folder, clock.now())
      writeRosterFile(resolve(folder, command.out), roster)
      return signedLines(roster, await organisationFingerprint(roster.publicKey))
    }
    case 'show': {
      const roster = await readRosterFile(resolve(folder, command.file))
      if (roster === undefined) throw bad('There is no such file.')
      return rosterLines(roster, await organisationFingerprint(roster.publicKey), clock.now())
    }
  }
}

/** The former file, if there is one, gives the number to go on from and what stays revoked. */
async function sign(command: Sign, folder: string, nowMs: number): Promise<Roster> {
  const { organisation, days } = command
  if (cleanPetname(organisation) !== organisation) {
    throw new UsageError('bad-arguments', 'The value of --name must be 1 to 64 visible characters. See: pigeon help')
  }
  const signer = await readOrganisationKey(resolve(folder, command.keyFile))
  const members = await readMembersFile(resolve(folder, command.membersFile), nowMs)
  const former = await readRosterFile(resolve(folder, command.out))
  if (former !== undefined && !Buffer.from(former.publicKey).equals(signer.publicKey)) {
    throw bad('The file to write is a roster of another key: give another file, or the right key.')
  }
  const revoked = await revocations(command.revoke, former?.revoked ?? [], nowMs)
  expectNoneRevoked(members, revoked)
  const times = { issuedAtMs: nowMs, expiresAtMs: nowMs + days * dayMs }
  try {
    return await signRoster(signer, { organisation, seq: (former?.seq ?? 0) + 1, ...times, members, revoked })
  } catch (error) {
    // Names, keys and counts were checked: what is left is the size.
    if (error instanceof UsageError) throw bad('The roster would be larger than a roster may be: list fewer people.')
    throw error
  }
}

async function revocations(
  words: readonly string[],
  former: readonly Revocation[],
  nowMs: number,
): Promise<readonly Revocation[]> {
  const all = new Map(former.map((one) => [idOf(one), one]))
  for (const word of words) {
    const publicKey = await revokedKey(word)
    const id = idOf({ publicKey })
    if (!all.has(id)) all.set(id, { publicKey, atMs: nowMs })
  }
  if (all.size > maxRevoked) {
    throw bad(`A roster revokes at most ${String(maxRevoked)} keys: it is time for a new organisation key.`)
  }
  return [...all.values()]
}

async function revokedKey(word: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = new Uint8Array(Buffer.from(word, 'base64url'))
  if (/^[\w-]{43}$/u.test(word) && Buffer.from(key).toString('base64url') === word) return key
  try {
    return (await readCard(word)).record.publicKey
  } catch {
    throw new UsageError('bad-arguments', 'The value of --revoke must be an id or a contact link. See: pigeon help')
  }
}

function expectNoneRevoked(members: readonly RosterMember[], revoked: readonly Revocation[]): void {
  const gone = new Set(revoked.map(idOf))
  const name = members.find((member) => gone.has(idOf(member)))
  if (name !== undefined) {
    throw new UsageError(
      'bad-members-file',
      'The members file lists somebody whose key is revoked: take them out, or list the new identity that they have.',
    )
  }
}

function idOf({ publicKey }: { readonly publicKey: Uint8Array }): string {
  return identityIdOf(publicKey)
}
