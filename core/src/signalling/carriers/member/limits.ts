/** Bytes of a stream that may be on their way, from end to end: a description and its candidates, and no more than a member's slowest way holds. */
export const windowBytes = 32_768
/** Largest piece of a stream in one message. */
export const maxPieceBytes = 4_096
/** Topics that a member stands under at a time: that of the day, near midnight its neighbour's. */
export const maxTopics = 4
/** Members that an introducer offers under one topic: more than a room has besides the two. */
export const maxOffered = 8

/** What an introducer does for others, and what a member takes of an introducer. A test makes them small, or does without. */
export interface MemberLimits {
  /** Streams between two members by one introducer: one in use, and those that end or come up while people find each other anew. */
  readonly streamsPerPair: number
  /** Dials by one member that nobody has answered yet: one who offers people that do not exist leaves the others free. */
  readonly dialsPerMember: number
  /** Streams that one member may bring to us at a time. */
  readonly incomingPerMember: number
  /** What one member may say on this road, for long and at once: a handshake and a few descriptions are far less. */
  readonly bytesPerSecond: number
  readonly burstBytes: number
  readonly framesPerSecond: number
  readonly burstFrames: number
}

export const memberLimits: MemberLimits = {
  streamsPerPair: 4,
  dialsPerMember: 3,
  incomingPerMember: 16,
  bytesPerSecond: 32_768,
  burstBytes: 524_288,
  framesPerSecond: 64,
  burstFrames: 1_024,
}
