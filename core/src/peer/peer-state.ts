import type { CloseReason } from '../channel/index.ts'

/**
 * Where a session with one peer stands.
 *
 * | from        | input         | to          |
 * |-------------|---------------|-------------|
 * | negotiating | confirmed     | open        |
 * | open        | pathLost      | recovering  |
 * | recovering  | pathBack      | open        |
 * | any         | closed        | closed      |
 *
 * Every other input leaves the state as it is: ICE reports repeat themselves.
 */
export type PeerState =
  | { readonly kind: 'negotiating' }
  | { readonly kind: 'open' }
  | { readonly kind: 'recovering'; readonly sinceMs: number }
  | { readonly kind: 'closed'; readonly reason: CloseReason }

export type PeerInput =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'pathLost'; readonly nowMs: number }
  | { readonly kind: 'pathBack' }
  | { readonly kind: 'closed'; readonly reason: CloseReason }

export function next(state: PeerState, input: PeerInput): PeerState {
  if (state.kind === 'closed') return state
  switch (input.kind) {
    case 'confirmed':
      return state.kind === 'negotiating' ? { kind: 'open' } : state
    case 'pathLost':
      return state.kind === 'open' ? { kind: 'recovering', sinceMs: input.nowMs } : state
    case 'pathBack':
      return state.kind === 'recovering' ? { kind: 'open' } : state
    case 'closed':
      return { kind: 'closed', reason: input.reason }
  }
}
