import type { Clock, Random, Sockets } from '../runtime/index.ts'
import { dhtRelayCarrier, type Carrier } from '../signalling/index.ts'
import { attempt, type AttemptLimits } from './attempt.ts'
import type { Ladder, RungFailure } from './ladder.ts'

export type Reach<T = unknown> =
  { readonly kind: 'reached'; readonly with: T } | { readonly kind: 'not-reached'; readonly cause: RungFailure }
export type Network = NonNullable<Ladder['network']>

export interface RelayTargets {
  /** WebSocket addresses of DHT relays; none skips the two rungs that need one. */
  readonly relayUrls: readonly string[]
  /** Whether the node answers on HTTP: tells a dead node from a network that lets no WebSocket through. */
  readonly nodeAnswers?: ((signal: AbortSignal) => Promise<boolean>) | undefined
}

export interface RelayProbe {
  readonly carrier: Carrier
  /** True once any WebSocket opened. */
  readonly opened: () => boolean
}

/** A carrier of our own to the relays. The caller closes it. */
export function openRelay(
  ports: { readonly clock: Clock; readonly random: Random; readonly sockets: Sockets },
  urls: readonly string[],
): RelayProbe {
  let opened = false
  const sockets: Sockets = {
    connect: (url, subprotocol, handlers) =>
      ports.sockets.connect(url, subprotocol, {
        received: (message) => {
          handlers.received(message)
        },
        closed: () => {
          handlers.closed()
        },
        opened: () => {
          opened = true
          handlers.opened()
        },
      }),
  }
  return { carrier: dhtRelayCarrier({ ...ports, sockets, urls }), opened: () => opened }
}

/** Waits for the welcome of a relay, each tried once. */
export function reachRelay(
  limits: AttemptLimits,
  { carrier, opened }: RelayProbe,
  { relayUrls, nodeAnswers }: RelayTargets,
): Promise<Reach<Network>> {
  const failed = (answers: boolean): Reach<Network> => ({
    kind: 'not-reached',
    cause: opened() ? 'no-welcome' : answers ? 'socket-refused' : 'node-unreachable',
  })
  let answered = nodeAnswers === undefined
  return attempt<Reach<Network>>(
    limits,
    () => failed(answered),
    (scope, settle) => {
      const node = (nodeAnswers?.(scope.signal) ?? Promise.resolve(true)).then(
        (answers) => (answered = answers),
        () => false,
      )
      scope.onEnd(
        carrier.on('stateChanged', (state) => {
          if (state.kind === 'ready') settle({ kind: 'reached', with: state.network })
          else if (state.kind === 'waiting' && state.attempt >= relayUrls.length) {
            void node.then((answers) => {
              settle(failed(answers))
            })
          }
        }),
      )
    },
  )
}

/** Searches the DHT for a topic that nobody has: what counts is that the search ends. */
export function searchDht(limits: AttemptLimits, carrier: Carrier, random: Random): Promise<Reach> {
  const silent: Reach = { kind: 'not-reached', cause: 'no-answer' }
  return attempt<Reach>(
    limits,
    () => silent,
    (scope, settle) => {
      const search = async (): Promise<void> => {
        for await (const _found of carrier.lookup(random.bytes(32), { signal: scope.signal })) {
          // What it finds does not matter.
        }
      }
      search().then(
        () => {
          settle({ kind: 'reached', with: undefined })
        },
        () => {
          settle(silent)
        },
      )
    },
  )
}
