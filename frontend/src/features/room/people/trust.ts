import type { ParticipantView, Role } from '@p2pigeon/core'
import type { ShownIdentity } from '../../../session/index.ts'
import { text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { DeedKey } from '../pending-deeds.ts'

/** How well this user can know who a participant is. */
export interface Trust {
  /** `alarm`: something is wrong. `sure`: verified, or compared aloud. `known`: a contact who was never verified. */
  readonly level: 'alarm' | 'sure' | 'known' | 'none'
  readonly words: string
  /** What that means, in a sentence. */
  readonly meaning: string
}

export interface Standing {
  readonly shown: ShownIdentity | undefined
  /** The emoji were compared aloud, in this call. */
  readonly compared: boolean
  /** Core found that this participant sees another room. */
  readonly differs: boolean
}

/** The gravest first: a contact that sees another room is no comfort. */
export function trustIn({ shown, compared, differs }: Standing): Trust {
  const words = roomText.trust
  if (differs) return { level: 'alarm', ...words.differs }
  switch (shown?.kind) {
    case 'changed':
      return { level: 'alarm', words: words.changed.words(shown.petname), meaning: words.changed.meaning }
    case 'invalid':
      return { level: 'alarm', ...words.invalid }
    case 'contact': {
      const said = shown.verified ? words.verified : words.contact
      return {
        level: shown.verified ? 'sure' : 'known',
        words: said.words(shown.petname),
        meaning: compared ? words.contactCompared : said.meaning,
      }
    }
    case 'self':
      return { level: 'sure', ...words.self }
    case 'checking':
      return { level: 'none', ...words.checking }
    case 'unknown':
    case undefined:
      if (compared) return { level: 'sure', ...words.compared }
      return { level: 'none', ...(shown ? words.unknown : words.none) }
  }
}

/** What is worth a line of its own about a participant at this moment. */
export function newsOf(person: ParticipantView, pending: ReadonlySet<DeedKey>): string | undefined {
  const { peerId, connection, mutedForAll, mutedHere, handRaised, role, name, fileRight } = person
  const words = roomText.news
  if (pending.has(`kick ${peerId}`)) return words.removing
  if (pending.has(`mute ${peerId}`)) return mutedForAll ? words.allowing : words.muting
  if (pending.has(`files ${peerId}`)) return fileRight === 'reader' ? words.gettingEdit : words.losingEdit
  if (pending.has(`cohost ${peerId}`)) return role === 'cohost' ? words.takingCohost : words.makingCohost
  if (connection.kind !== 'connected') return text.room[connection.kind]
  if (handRaised) return mutedForAll ? words.mutedAndAsks : roomText.handRaised(name)
  if (mutedForAll) return roomText.mutedForAll
  return mutedHere ? text.people.mutedForMe : undefined
}

export function mayManage(own: Role, theirs: Role): boolean {
  return own === 'host' || (own === 'cohost' && theirs === 'member')
}
