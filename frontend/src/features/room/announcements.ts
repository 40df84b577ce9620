import type { RoomView } from '@p2pigeon/core'
import { text } from '../../text/index.ts'

/** What changed between two pictures of the room that a person who does not see the screen wants to hear. */
export function changesToAnnounce(before: RoomView, after: RoomView): readonly string[] {
  const said: string[] = []
  if (before.state.kind === 'joining' && after.state.kind === 'joined') said.push(text.announce.inRoom)
  if (before.carrier.kind === 'ready' && after.carrier.kind !== 'ready') said.push(text.announce.nodeLost)
  if (isLost(before) && after.carrier.kind === 'ready') said.push(text.announce.nodeBack)
  const earlier = new Map(before.participants.map((person) => [person.peerId, person]))
  for (const person of after.participants) {
    const was = earlier.get(person.peerId)
    if (!was || was === person) continue
    const [then, now] = [was.connection.kind, person.connection.kind]
    if (then === 'connected' && now === 'reconnecting') said.push(text.announce.reconnecting(person.name))
    if (then === 'reconnecting' && now === 'connected') said.push(text.announce.connectedAgain(person.name))
    if (was.media.screen === 'off' && person.media.screen === 'on') said.push(text.announce.screenStarted(person.name))
    if (was.media.screen === 'on' && person.media.screen === 'off') said.push(text.announce.screenStopped(person.name))
  }
  return said
}

/** True once the way to the node was lost: the first connecting of a page is no loss. */
export function isLost(view: RoomView): boolean {
  return view.carrier.kind === 'waiting' || (view.carrier.kind === 'connecting' && view.carrier.attempt > 1)
}
