import type { IdentityId, OutgoingCall } from '@p2pigeon/core/people'

/** A call that this tab makes. */
export interface OutgoingView {
  readonly id: IdentityId
  readonly video: boolean
  readonly state:
    | OutgoingCall['state']
    /** The line is being taken: the page or its network is not ready yet. */
    | { readonly kind: 'starting' }
    /** It did not come to a call. */
    | { readonly kind: 'fault'; readonly code: string }
}

export function isOutgoingOver({ state: { kind } }: OutgoingView): boolean {
  return kind !== 'starting' && kind !== 'searching' && kind !== 'ringing' && kind !== 'inviting'
}
