import { maxEventCharacters } from '@p2pigeon/core/nostr'
import type { NostrRelayLimits } from './limits.ts'
import type { RelayPolicy } from './rules/index.ts'

const supportedNips = [1, 9, 11, 17, 40, 42, 59, 70]

/** The relay information document (NIP-11). */
export function informationOf(host: string, limits: NostrRelayLimits, policy: RelayPolicy): object {
  return {
    name: `P2Pigeon relay of ${host}`,
    description: policy.restrictsWrites
      ? 'Keeps sealed messages for people until they fetch them, and passes on what they need to find each other.'
      : 'A relay for everybody.',
    supported_nips: supportedNips,
    software: 'p2pigeon',
    limitation: {
      max_message_length: limits.maxMessageBytes,
      max_subscriptions: limits.maxSubscriptionsPerConnection,
      max_filters: limits.maxFiltersPerRequest,
      max_limit: limits.maxLimit,
      default_limit: limits.maxLimit,
      max_subid_length: 64,
      max_event_tags: limits.maxTagsPerEvent,
      max_content_length: maxEventCharacters,
      min_pow_difficulty: 0,
      auth_required: false,
      payment_required: false,
      restricted_writes: policy.restrictsWrites,
      created_at_lower_limit: limits.maxPastSeconds,
      created_at_upper_limit: limits.maxFutureSeconds,
    },
    retention: [
      { kinds: [[20_000, 29_999]], time: 0 },
      { kinds: [0, 3, [10_000, 19_999], [30_000, 39_999]], count: limits.maxReplaceableEvents },
      { time: Math.floor(limits.retentionMs / 1_000), count: limits.maxStoredEvents },
    ],
  }
}
