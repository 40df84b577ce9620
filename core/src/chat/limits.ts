/** Longest text of a message, in UTF-8 bytes. */
export const maxTextBytes = 16_384
/** Others in one group. */
export const maxMembers = 32
/** Longest name of a group, in characters. */
export const maxTitleLength = 64
export const maxConversations = 5_000
/** Conversations of people who are no contacts and wait for the user's word; the oldest gives way. */
export const maxRequests = 200
/** Deleted conversations that are remembered, so that what was said until then does not bring them back; the oldest gives way. */
export const maxTombstones = 2_000
/** What is dated so shortly before a conversation was deleted, or later, is taken for new, in seconds: watches differ. What had come by then is remembered by its id. */
export const tombstoneMarginSeconds = 300
/** Everything that is kept of one request: who is no contact fills no disk. */
export const maxRequestMessages = 50
/** Messages in one page of the archive. */
export const pageSize = 200
/** Different emoji on one message, and bytes of one. */
export const maxReactions = 32
export const maxEmojiBytes = 64
/** Deeds about messages that are not loaded, in one conversation. */
export const maxEarly = 2_000
/** Relays of one person that are written to. */
export const maxInboxRelays = 4
/** People whose relays are remembered; the one who was learned of first gives way. */
export const maxInboxes = 5_000
/** Lists of relays that somebody may say on one line. */
export const maxListsOfLine = 16
/** How far ahead of ours somebody's watch may be, in seconds. */
export const maxLeadSeconds = 600
/** How far ahead of ours somebody's Lamport clock may be. */
export const maxClockLead = 1_000_000
/** Without an acknowledgement by then a message goes by the relays as well, in ms. */
export const lineAckMs = 5_000
/** So long a relay is taken to keep a letter, in ms: a node's relay does. One that has not taken it by then is not tried any more. */
export const relaysKeepMs = 30 * 86_400_000
/** A letter that is not known to have come is brought to all relays of its recipient again, until it is so old, in ms. */
export const repeatsLastMs = 7 * 86_400_000
/** That again each day; and after a start, if it was not done within the hour before: a page may be loaded often. In ms. */
export const repeatMs = { daily: 86_400_000, afterStart: 3_600_000 } as const
/** Letters that are repeated so, the latest ones. */
export const maxRepeated = 200
/** Letters that were sent already and are brought further, or again, every 30 s. */
export const maxBroughtAtOnce = 32
/** A recipient's relays that do not take a letter are left alone for so long, in ms; each time twice as long. */
export const pauseMs = { first: 30_000, longest: 3_600_000 } as const
/** Wraps are dated back by up to two days, and clocks differ. */
export const inboxSinceSeconds = 3 * 86_400
/** Rumors and wraps that are remembered, so that nothing is shown twice. */
export const maxSeen = 20_000
/** Messages that came again, and of which a receipt was said again since the start. */
export const maxReceiptsAgain = 2_000
/** Slots that what a search knows of all pages is spread over: one is written with each message, all are read by a search. */
export const wordShelves = 128
/** Words of one page that are kept there, and of one shelf, in characters; a page whose words are more is opened by each search. */
export const maxPageWords = 262_144
export const maxShelfBytes = 4 * 2 ** 20
/** Shelves that are held between searches, in bytes as they are kept. What is beyond is read again by each search. */
export const maxShelfBytesInMemory = 32 * 2 ** 20

/** Messages that one receipt names: more would not fit into a letter. */
export const maxReceiptTargets = 400
