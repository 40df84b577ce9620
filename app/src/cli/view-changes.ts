import type { RoomView } from '@p2pigeon/core'
import type { CliEvent } from './events.ts'

/** What was last said about the room's picture. */
export interface Watched {
  readonly room?: RoomView['state']['kind']
  readonly carrier?: RoomView['carrier']['kind']
  readonly network?: 'public' | 'local' | 'unknown' | undefined
  /** True once any network answered. */
  readonly contacted: boolean
  /** Ids of own messages whose delivery is still to be told; the room keeps a bounded number of messages, so this is bounded. */
  readonly pending?: ReadonlySet<string>
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
  const pending = new Set<string>()
  for (const { id, own, delivery } of view.messages) {
    if (!own) continue
    if (delivery.kind === 'sending' || delivery.kind === 'queued') pending.add(id)
    else if (delivery.kind === 'delivered' && before.pending?.has(id) === true) {
      events.push({ type: 'delivered', id, to: delivery.acknowledged })
    }
  }
  const contacted = before.contacted || carrier.kind === 'ready' || view.participants.length > 0
  return { events, now: { room: state.kind, carrier: carrier.kind, network, contacted, pending } }
}
