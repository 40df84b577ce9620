import type { ParticipantView, RoomView } from '@p2pigeon/core'
import { text } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'

/** What changed between two pictures of the room that a person who does not see the screen wants to hear. */
export function changesToAnnounce(before: RoomView, after: RoomView): readonly string[] {
  const said: string[] = []
  const wasOutside = before.state.kind === 'joining' || before.state.kind === 'knocking'
  if (wasOutside && after.state.kind === 'joined') said.push(text.announce.inRoom)
  if (before.carrier.kind === 'ready' && after.carrier.kind !== 'ready') said.push(text.announce.nodeLost)
  if (isLost(before) && after.carrier.kind === 'ready') said.push(text.announce.nodeBack)
  said.push(...ownChanges(before, after))
  const earlier = new Map(before.participants.map((person) => [person.peerId, person]))
  for (const person of after.participants) {
    const was = earlier.get(person.peerId)
    if (!was || was === person) continue
    const [then, now] = [was.connection.kind, person.connection.kind]
    if (then === 'connected' && now === 'reconnecting') said.push(text.announce.reconnecting(person.name))
    if (then === 'reconnecting' && now === 'connected') said.push(text.announce.connectedAgain(person.name))
    if (was.media.screen === 'off' && person.media.screen === 'on') said.push(text.announce.screenStarted(person.name))
    if (was.media.screen === 'on' && person.media.screen === 'off') said.push(text.announce.screenStopped(person.name))
    said.push(...roleChanges(was, person))
  }
  const knocked = new Set(before.knocks.map(({ peerId }) => peerId))
  for (const { peerId, name } of after.knocks) if (!knocked.has(peerId)) said.push(roomText.knock.one(name))
  return said
}

/** What the host or a co-host has decided about this person or the room: also shown, for it is not always seen. */
export function decisionsToShow(before: RoomView, after: RoomView): readonly string[] {
  const words = roomText.announce
  const said: string[] = []
  if (before.self.mutedForAll !== after.self.mutedForAll) {
    said.push(after.self.mutedForAll ? mutedWords(after) : words.allowedYou)
  }
  if (before.self.role !== after.self.role && before.self.role !== 'host' && after.self.role !== 'host') {
    said.push(after.self.role === 'cohost' ? words.cohostYou : words.cohostYouNoMore)
  }
  if (before.self.fileRight !== after.self.fileRight) {
    if (after.self.fileRight === 'reader') said.push(words.readerYou)
    else if (before.self.fileRight === 'reader') said.push(words.editorYou)
  }
  if (before.entry !== after.entry) said.push(words.entry[after.entry])
  return said
}

/** The room does not tell who did it: where there are co-hosts, it may have been one of them. */
export function mutedWords({ participants }: RoomView): string {
  const words = roomText.self
  return participants.some(({ role }) => role === 'cohost') ? words.mutedByEither : words.mutedBy
}

function ownChanges(before: RoomView, after: RoomView): readonly string[] {
  const startsToKnock = before.state.kind !== 'knocking' && after.state.kind === 'knocking'
  return startsToKnock ? [roomText.announce.knocking] : []
}

function roleChanges(was: ParticipantView, person: ParticipantView): readonly string[] {
  const words = roomText.announce
  const said: string[] = []
  if (was.mutedForAll !== person.mutedForAll) {
    said.push(person.mutedForAll ? words.mutedOther(person.name) : words.allowedOther(person.name))
  }
  if (was.fileRight !== 'reader' && person.fileRight === 'reader') said.push(words.readerOther(person.name))
  if (was.fileRight === 'reader' && person.fileRight !== 'reader') said.push(words.editorOther(person.name))
  if (!was.handRaised && person.handRaised) said.push(roomText.handRaised(person.name))
  if (was.role !== 'cohost' && person.role === 'cohost') said.push(words.cohostOther(person.name))
  if (was.role === 'cohost' && person.role === 'member') said.push(words.cohostOtherNoMore(person.name))
  return said
}

/** True once the way to the node was lost: the first connecting of a page is no loss. */
export function isLost(view: RoomView): boolean {
  return view.carrier.kind === 'waiting' || (view.carrier.kind === 'connecting' && view.carrier.attempt > 1)
}
