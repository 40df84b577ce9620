/** Largest entry on the wire: the longest list of members, with room to spare. */
export const maxEntryBytes = 8_192

/** Members that one entry names: more than a room of this version holds. */
export const maxListedMembers = 64

/** Cuts in one entry: one for each drive that counts of one author. */
export const maxCuts = 64

/** Other authors whose latest entries one entry names: every co-host's, with room to spare. */
export const maxParents = 32

/** People whom the host makes co-hosts in the life of a room: twice as many as a room holds. */
export const maxCohosts = 16

/**
 * The highest number of an author's entry: weeks of hard work. Limits are on numbers and not on how many came, so that everybody agrees on what is
 * beyond them.
 */
export const maxSeqOfHost = 4_096
export const maxSeqOfCohost = 512

/**
 * Entries kept that an author signed after it forked. One such author can make others need a long branch for each group of members that it told
 * another story, and not more.
 */
export const maxVoidEntries = 4_096

/** Entries that wait for an earlier one: a whole branch of a co-host that forked, and as many others. */
export const maxPending = 1_024

/**
 * Heads that are told: the host's and every co-host's latest entry and a mark for each of their forks, nearly twice. Only a host that forks can make
 * more; then some entries are told in vain.
 */
export const maxHeads = 64
