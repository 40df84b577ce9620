import { useEffect, useState } from 'react'
import { useReadable } from '../../state/index.ts'
import { Fault, useSession, type People } from '../../session/index.ts'
import { CallViewModel } from './call-view-model.ts'
import { IncomingDialog } from './IncomingDialog.tsx'
import { notify } from './notify.ts'
import { OutgoingDialog } from './OutgoingDialog.tsx'
import { RingTone } from './ring-tone.ts'

/** The direct calls of this tab, above whatever page is open. */
export function CallOverlay({
  people,
  goToRoom,
}: {
  readonly people: People
  readonly goToRoom: (roomId: string) => void
}) {
  const session = useSession()
  const [model] = useState(
    () =>
      new CallViewModel({
        outgoing: people.calls.outgoing,
        incoming: people.calls.incoming,
        call: (id, video) => people.call(id, video),
        hangUp: () => people.calls.hangUp(),
        accept: (view) => people.calls.accept(view),
        decline: (view) => people.calls.decline(view),
        nameOf: (id) => people.contacts.find(id)?.petname,
        enter: async (linkCode, video) => {
          const opened = await session.openLink(linkCode)
          if (opened.kind === 'refused') throw new Fault(opened.code)
          session.bring(opened.roomId, { microphone: 'on', camera: video ? 'on' : 'none' })
          goToRoom(opened.roomId)
        },
        announce: (said) => session.notices.announce(said),
        complain: (said) => session.notices.toast(said, { tone: 'fault' }),
        notify,
        tone: new RingTone(),
        ringToneOn: () => people.settings.get().ringTone,
      }),
  )
  useEffect(() => model.start(), [model])
  const outgoing = useReadable(model.outgoing)
  const incoming = useReadable(model.incoming)
  return (
    <>
      {outgoing && <OutgoingDialog screen={outgoing} model={model} />}
      {incoming && <IncomingDialog key={incoming.view.id} screen={incoming} model={model} />}
    </>
  )
}
