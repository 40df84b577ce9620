import { toHex } from '../bytes/index.ts'
import { LimitError } from '../errors/index.ts'
import { maxOrganisations, sortedByKey } from './apply-roster.ts'
import { keyChangeOf, maxContacts, type Contact, type ContactBook, type KeyChange } from './contact.ts'
import type { TrustedRoster } from './roster.ts'
import { sortedById } from './with-contact.ts'

/**
 * Joins two books of the same user, as from two devices. The result does not depend on which is which, nor on the order in which several are joined,
 * and joining twice changes nothing: everything below is the greater of two values.
 *
 * | what                               | of two contacts with one id, the greater by                                              |
 * | ---------------------------------- | ---------------------------------------------------------------------------------------- |
 * | record, verification, claimed name | seq of the record, its bytes; time of the verification, its kind; name: together          |
 * | petname, blocked, organisation     | when they were last edited; then blocked, petname, organisation: together                 |
 * | added                              | the earlier                                                                              |
 * | waiting change                     | replacing an identity first; seq, bytes; noticed earlier. Gone if it is the record by now |
 *
 * | what    | of two rosters of one key, the greater by |
 * | ------- | ----------------------------------------- |
 * | roster  | seq, then bytes                           |
 * | trusted | the earlier                               |
 *
 * Nothing is remembered of what was removed, or replaced: what one of the books still has is there again.
 * @throws {LimitError} `too-many-contacts`, `too-many-organisations`
 */
export function mergeBooks(a: ContactBook, b: ContactBook): ContactBook {
  const contacts = joined(a.contacts, b.contacts, ({ id }) => id, joinContacts)
  const rosters = joined(a.rosters, b.rosters, ({ roster }) => toHex(roster.publicKey), joinRosters)
  if (contacts.length > maxContacts) throw new LimitError('too-many-contacts', 'the two books do not fit into one')
  if (rosters.length > maxOrganisations) throw new LimitError('too-many-organisations', 'too many in one book')
  return { contacts: sortedById(contacts), rosters: sortedByKey(rosters) }
}

function joined<One>(
  a: readonly One[],
  b: readonly One[],
  keyOf: (one: One) => string,
  join: (a: One, b: One) => One,
): readonly One[] {
  const all = new Map(a.map((one) => [keyOf(one), one]))
  for (const one of b) {
    const other = all.get(keyOf(one))
    all.set(keyOf(one), other === undefined ? one : join(other, one))
  }
  return [...all.values()]
}

function joinContacts(a: Contact, b: Contact): Contact {
  const { record, checked, claimedName } = greater(a, b, keyRank)
  const { editedAtMs, petname, blocked, roster } = greater(a, b, editRank)
  const { id, publicKey } = a
  const change = joinChanges(a.change, b.change)
  const isDone =
    change !== undefined && !change.replacesIdentity && record !== undefined && change.record.seq <= record.seq
  return {
    ...{ id, publicKey, record, checked, claimedName, petname, editedAtMs, blocked, roster },
    addedAtMs: Math.min(a.addedAtMs, b.addedAtMs),
    change:
      change === undefined || isDone
        ? undefined
        : { ...keyChangeOf(record, change.record, change.noticedAtMs), replacesIdentity: change.replacesIdentity },
  }
}

function joinChanges(a: KeyChange | undefined, b: KeyChange | undefined): KeyChange | undefined {
  return a === undefined || b === undefined ? (a ?? b) : greater(a, b, changeRank)
}

function joinRosters(a: TrustedRoster, b: TrustedRoster): TrustedRoster {
  const { roster } = greater(a, b, ({ roster: { seq, bytes } }) => [seq, toHex(bytes)])
  return { roster, trustedAtMs: Math.min(a.trustedAtMs, b.trustedAtMs) }
}

type Rank = readonly (number | string)[]

function keyRank({ record, checked, claimedName }: Contact): Rank {
  return [record?.seq ?? -1, record === undefined ? '' : toHex(record.bytes), checked.atMs, checked.how, claimedName]
}

function editRank({ editedAtMs, blocked, petname, roster }: Contact): Rank {
  return [editedAtMs, blocked ? 1 : 0, petname, roster ?? '']
}

function changeRank({ replacesIdentity, record, noticedAtMs }: KeyChange): Rank {
  return [replacesIdentity ? 1 : 0, record.seq, toHex(record.bytes), -noticedAtMs]
}

function greater<One>(a: One, b: One, rankOf: (one: One) => Rank): One {
  const [ranksOfA, ranksOfB] = [rankOf(a), rankOf(b)]
  for (const [index, one] of ranksOfA.entries()) {
    const other = ranksOfB[index]
    if (other !== undefined && one !== other) return one > other ? a : b
  }
  return a
}
