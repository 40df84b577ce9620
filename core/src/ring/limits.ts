/** How long a call looks for a device of the contact that rings. A call that nobody answers for whatever reason ends after exactly this. */
export const searchTimeoutMs = 20_000

/** How long a call rings, from the first device that does. */
export const ringTimeoutMs = 45_000

/** The caller ends a call first and can say why; this much later the callee's device stops by itself. */
export const ringGraceMs = 5_000

/** Another device of the same person may still ring: so long a call goes on after one that is busy or does not know us. */
export const settleMs = 3_000

/** From our "accept" to the link: one journey there and back, and the making of a room. */
export const invitationTimeoutMs = 10_000

/** When two call each other, the one whose call stands waits so long for the other to yield; two journeys of a slow road. */
export const crossingGraceMs = 3_000

/** Calls that we make at once. */
export const maxOutgoingCalls = 4

/** Calls that ring here at once, one for each person; a further contact hears "busy". */
export const maxRingingCalls = 3

/** Streams under way in one search: a person's eight devices, and some that are not theirs. */
export const maxDials = 12

/** Addresses that one search remembers: whoever has the contact card may announce many. */
export const maxAddresses = 256

/** How often one search dials one address: an honest device may fail once or twice, a liar gets no more. */
export const maxTries = 3

/** Pauses between the rounds of one search: quick at first, since a lookup may miss a device that has just come. */
export const searchPausesMs = [1_000, 2_000, 4_000, 8_000] as const

/** Lines for messages that contacts may hold open here at once, one for each device. */
export const maxTalkLines = 64

/** Messages that wait on a line until somebody listens, which is at once: more is a flood. */
export const maxWaitingMessages = 64

/** Contacts who are looked for at once, to open lines to their devices. */
export const maxTalkSearches = 32

/** A bucket of tokens: `capacity` at once, then one for each `refillMs`. */
export interface Rate {
  readonly capacity: number
  readonly refillMs: number
}

/**
 * Handshakes that others may cost us: above that a stream is closed before any sum is done for it. Four a second keep a phone cool, and whoever wants
 * to keep contacts from ringing has to go on that fast.
 */
export const handshakeRate: Rate = { capacity: 30, refillMs: 250 }

/** Requests of all strangers together, for identities cost them nothing: six a minute. */
export const strangersRate: Rate = { capacity: 6, refillMs: 10_000 }

/** Requests of one stranger: two, then one in ten minutes. */
export const strangerRate: Rate = { capacity: 2, refillMs: 600_000 }

/** Calls of one contact: six a minute, so that a broken device does not ring without end. */
export const contactRate: Rate = { capacity: 6, refillMs: 10_000 }

/** Identities whose rate is remembered; the one unheard of for longest goes first, and the rate of all strangers still holds. */
export const maxRatedIdentities = 256

/** Longest name that a caller may give itself, in characters and in UTF-8 bytes. */
export const maxCallerNameLength = 64
export const maxCallerNameBytes = 256

/** Longest link code that an invitation may carry; today's have 164 characters at most. */
export const maxLinkCodeBytes = 512
