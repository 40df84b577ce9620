import type { Brought, Outgoing, Standing } from './archive.ts'
import { relaysKeepMs, repeatMs, repeatsLastMs } from './limits.ts'
import type { AuthorKey, DeliveryState } from './view.ts'

/** How far a message has come: of those whom it is for, not of our own devices, the one who is behind counts. */
export function deliveryOf(outgoing: Outgoing, self: AuthorKey): DeliveryState {
  const standings = standingsOfOthers(outgoing, self)
  if (standings.includes('unreachable')) return { kind: 'waiting', unreachable: true }
  if (standings.includes('waiting')) return { kind: 'waiting', unreachable: false }
  return standings.includes('sent') ? { kind: 'sent' } : { kind: 'delivered' }
}

export function standingsOfOthers({ to }: Outgoing, self: AuthorKey): readonly Standing[] {
  return Object.entries(to).flatMap(([key, standing]) => (key === self ? [] : standing))
}

/** True if nothing is left to be done or learned. */
export function isOver({ to }: Outgoing): boolean {
  return Object.values(to).every((standing) => standing === 'delivered')
}

/** The copy for our other devices needs no more care: everybody has the message and a relay of ours the copy, or no relay would keep it any longer. */
export function isCopyDone(outgoing: Outgoing, self: AuthorKey, nowMs: number): boolean {
  const standing = outgoing.to[self]
  if (standing === undefined || standing === 'delivered') return false
  const isWithAll = standingsOfOthers(outgoing, self).every((other) => other === 'delivered')
  return (standing === 'sent' && isWithAll) || ageMs(outgoing, nowMs) >= relaysKeepMs
}

/** What is known after this; undefined if it is nothing new. Nothing is undone: what was sent does not wait again, what was delivered is. */
export function afterStanding(outgoing: Outgoing, key: AuthorKey, standing: Standing): Outgoing | undefined {
  const before = outgoing.to[key]
  if (before === undefined || before === standing || before === 'delivered') return undefined
  if (before === 'sent' && standing !== 'delivered') return undefined
  const { [key]: over, ...brought } = outgoing.brought ?? {}
  const rest = over === undefined || standing !== 'delivered' ? outgoing.brought : brought
  return { ...outgoing, to: { ...outgoing.to, [key]: standing }, ...(rest && { brought: rest }) }
}

/** What is known after a recipient's relays have answered; the letter has been sent by then. */
export function afterBringing(outgoing: Outgoing, key: AuthorKey, brought: Brought): Outgoing | undefined {
  if (outgoing.to[key] !== 'sent') return undefined
  return { ...outgoing, brought: { ...outgoing.brought, [key]: brought } }
}

/** How a recipient to whom it was sent stands with their relays. */
export function broughtTo({ rumor, brought }: Outgoing, key: AuthorKey): Brought {
  return brought?.[key] ?? { left: [], atSeconds: rumor.created_at }
}

/** A relay of theirs has not taken it, and one may still keep it. */
export function isLeft(outgoing: Outgoing, key: AuthorKey, nowMs: number): boolean {
  return (
    outgoing.to[key] === 'sent' && broughtTo(outgoing, key).left.length > 0 && ageMs(outgoing, nowMs) < relaysKeepMs
  )
}

/**
 * A relay may have said that it took the letter, and have lost it since. So whatever is not known to have come is brought to all of them again: after
 * each start, unless that was a moment ago, and then daily.
 */
export function isToBeRepeated(outgoing: Outgoing, key: AuthorKey, startedAtMs: number, nowMs: number): boolean {
  if (outgoing.to[key] !== 'sent' || ageMs(outgoing, nowMs) >= repeatsLastMs) return false
  const lastMs = broughtTo(outgoing, key).atSeconds * 1_000
  return lastMs <= Math.max(startedAtMs - repeatMs.afterStart, nowMs - repeatMs.daily)
}

function ageMs({ rumor }: Outgoing, nowMs: number): number {
  return nowMs - rumor.created_at * 1_000
}
