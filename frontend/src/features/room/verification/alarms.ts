import type { PeerId, RoomAlarm, RoomView } from '@p2pigeon/core'
import type { ShownIdentity } from '../../../session/index.ts'
import { roomText } from '../../../text/room/index.ts'
import { codeOf, type Marks } from './marks.ts'

/** Something this user must be told loudly, in words. */
export interface Alarm {
  /** The same as long as it is about the same. */
  readonly key: string
  readonly title: string
  readonly body: string
  /** The panel that says more. */
  readonly look: 'verify' | 'people'
}

/** All that is wrong at present, the gravest first. */
export function alarmsOf(view: RoomView, marks: Marks, shown: ReadonlyMap<PeerId, ShownIdentity>): readonly Alarm[] {
  const words = roomText.verify
  const { alarms, comparison, held } = view
  const said = alarms.map((alarm) => alarmOf(alarm, view))
  if (comparison.kind === 'differs') {
    const body = words.differsBody(namesOf(comparison.with, view))
    said.push({ key: `differs ${comparison.with.join(' ')}`, title: words.differsTitle, body, look: 'verify' })
  }
  const code = codeOf(comparison)
  if (code !== undefined && code === marks.differing) {
    said.push({ key: `said ${code}`, title: words.mismatchTitle, body: words.mismatchBody, look: 'verify' })
  }
  for (const { peerId, name } of held) {
    const identity = shown.get(peerId)
    if (identity?.kind !== 'changed') continue
    const title = roomText.held.changed(identity.petname)
    const body = roomText.held.changedAlarm(name)
    said.push({ key: `held ${peerId}`, title, body, look: 'people' })
  }
  return said
}

function alarmOf(alarm: RoomAlarm, view: RoomView): Alarm {
  const words = roomText.alarms
  if (alarm.kind === 'history-missing')
    return { key: alarm.kind, title: words.historyTitle, body: words.historyBody, look: 'verify' }
  const key = `equivocation ${alarm.by}`
  if (alarm.byHost) return { key, title: words.equivocationHost, body: words.equivocationHostBody, look: 'verify' }
  const title = words.equivocationOther(namesOf([alarm.by], view))
  return { key, title, body: words.equivocationOtherBody, look: 'verify' }
}

/** Whoever is not here any more has no name. */
function namesOf(ids: readonly PeerId[], { participants }: RoomView): string {
  const names = participants.filter(({ peerId }) => ids.includes(peerId)).map(({ name }) => name)
  return names.length === 0 ? roomText.somebody : names.join(', ')
}
