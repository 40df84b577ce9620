import { equal } from '../bytes/index.ts'
import type { Contact, ContactBook } from './contact.ts'
import type { Roster } from './roster.ts'

export type Trust =
  | { readonly kind: 'unverified' }
  | { readonly kind: 'verified'; readonly how: 'compared' | 'scanned'; readonly atMs: number }
  | { readonly kind: 'verified'; readonly how: 'roster'; readonly organisation: string; readonly atMs: number }
  /** An organisation says that this key is not to be trusted any more. */
  | { readonly kind: 'revoked'; readonly organisation: string; readonly atMs: number }

/** Clocks of devices differ, most of all by whole time zones: so much before and after its time a roster still holds. */
export const rosterToleranceMs = 24 * 60 * 60 * 1000

/**
 * Why the accepted keys of a contact can be believed to be theirs. Computed anew each time, so that a roster that runs out or comes needs no change
 * of the contacts.
 *
 * | revoked by a trusted organisation  | the user's own verification | listed in a roster in force | trust                         |
 * | ---------------------------------- | --------------------------- | --------------------------- | ----------------------------- |
 * | yes                                | none, or not later than it  |                             | `revoked`, by the latest      |
 * | yes                                | later                       |                             | `verified` by the user        |
 * | no                                 | there is one                |                             | `verified` by the user        |
 * | no                                 | none                        | yes                         | `verified` by the first of them |
 * | no                                 | none                        | no                          | `unverified`                  |
 *
 * A revocation outlives the roster that carries it, and counts against the listing of any other organisation. Keys that wait to be accepted have no
 * trust at all: see `change`.
 */
export function trustOf(book: ContactBook, contact: Contact, nowMs: number): Trust {
  const { checked } = contact
  const revocation = latestRevocation(book, contact)
  if (revocation !== undefined && (checked.how === 'none' || checked.atMs <= revocation.atMs)) return revocation
  if (checked.how !== 'none') return { kind: 'verified', how: checked.how, atMs: checked.atMs }
  for (const { roster } of book.rosters) {
    if (!isRosterInForce(roster, nowMs) || !lists(roster, contact)) continue
    return { kind: 'verified', how: 'roster', organisation: roster.organisation, atMs: roster.issuedAtMs }
  }
  return { kind: 'unverified' }
}

export function isRosterInForce({ issuedAtMs, expiresAtMs }: Roster, nowMs: number): boolean {
  return nowMs >= issuedAtMs - rosterToleranceMs && nowMs <= expiresAtMs + rosterToleranceMs
}

function lists({ members }: Roster, { publicKey }: Contact): boolean {
  return members.some((member) => equal(member.publicKey, publicKey))
}

function latestRevocation({ rosters }: ContactBook, { publicKey }: Contact) {
  const all = rosters.flatMap(({ roster: { organisation, revoked } }) =>
    revoked
      .filter((one) => equal(one.publicKey, publicKey))
      .map(({ atMs }) => ({ kind: 'revoked' as const, organisation, atMs })),
  )
  return all.sort((a, b) => b.atMs - a.atMs)[0]
}
