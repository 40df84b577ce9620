import type { DeliveryState, RoomView } from '@p2pigeon/core'
import type { CliEvent } from './events.ts'

/** What was last said about the room's picture. */
export interface Watched {
  readonly room?: RoomView['state']['kind']
  readonly carrier?: RoomView['carrier']['kind']
  readonly network?: 'public' | 'local' | 'unknown' | undefined
  /** True once any network answered. */
  readonly contacted: boolean
  /** Own messages of which `sent` was told, and whether `delivered` was; no more than the room keeps. */
  readonly own?: ReadonlyMap<string, 'sent' | 'delivered'>
}

/** To how many a message of ours goes, as far as is known now. */
function recipients(delivery: DeliveryState): number {
  if (delivery.kind === 'sending') return delivery.acknowledged + delivery.waiting
  return delivery.kind === 'delivered' ? delivery.acknowledged : 0
}

/** The events that lead from what was said to `view`. Pure. */
export function viewChanges(before: Watched, view: RoomView): { readonly events: CliEvent[]; readonly now: Watched } {
  const { carrier, state } = view
  const network = carrier.kind === 'ready' ? carrier.network : undefined
  const events: CliEvent[] = []
  if (before.room !== state.kind || before.carrier !== carrier.kind || before.network !== network) {
    events.push({
      type: 'state',
      room: state.kind,
      carrier: carrier.kind,
      ...(network === undefined ? {} : { network }),
    })
  }
  const told = new Map<string, 'sent' | 'delivered'>()
  for (const { id, own, delivery } of view.messages) {
    if (!own) continue
    const to = recipients(delivery)
    if (before.own?.has(id) !== true) events.push({ type: 'sent', id, to })
    const delivered = delivery.kind === 'delivered'
    if (delivered && before.own?.get(id) !== 'delivered') events.push({ type: 'delivered', id, to })
    told.set(id, delivered ? 'delivered' : 'sent')
  }
  const contacted = before.contacted || carrier.kind === 'ready' || view.participants.length > 0
  return { events, now: { room: state.kind, carrier: carrier.kind, network, contacted, own: told } }
}
