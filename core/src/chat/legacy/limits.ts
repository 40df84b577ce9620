/** People with whom there can be such a conversation at once: so many subscriptions are at the relays. */
export const maxConversations = 32
/** Everything that is kept of one conversation; the oldest gives way, so that nobody fills the disk. */
export const maxKeptMessages = 1_000
export const maxKeptBytes = 1_048_576
/** Messages of ours in one conversation that no relay has taken. */
export const maxWaiting = 100
/** Letters that wait to be read; what comes on top of them is asked for again at the next start. */
export const maxQueue = 2_000
/** Letters that a relay is asked for at once. */
export const maxAsked = 500
/** Relays of one person that are asked and written to, besides our own. */
export const maxTheirRelays = 8
/** A conversation begins with what was written so long before it was started, in seconds. */
export const lookBackSeconds = 7 * 86_400
/** Relays are asked again for what is older than the latest that has come by so much, in seconds: clocks differ. */
export const overlapSeconds = 2 * 86_400
/** How far ahead of ours somebody's watch may be, in seconds. */
export const maxLeadSeconds = 600
/** What no relay has taken is tried again so often, in ms. */
export const retryMs = 60_000
