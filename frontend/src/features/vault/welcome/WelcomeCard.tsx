import { useState } from 'react'
import { History, Link2 } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { useSession } from '../../../session/index.ts'
import { Button } from '../../../ui/index.ts'
import { vaultText } from '../../../text/index.ts'
import { LinkDeviceDialog } from '../devices/index.ts'
import { RestoreDialog } from '../restore/index.ts'

const words = vaultText.welcome

/** On a first visit: for whoever has an identity elsewhere. Everybody else passes it by. */
export function WelcomeCard() {
  const { care, keeper, rooms } = useSession()
  const { visits, hadCall, backedUpAtMs } = useReadable(care.value)
  const list = useReadable(rooms.list)
  // Where the browser keeps nothing there is nowhere to bring an identity.
  const isKept = useReadable(keeper.state).kind === 'open'
  const [dialog, setDialog] = useState<'restore' | 'link'>()
  const close = (): void => setDialog(undefined)
  const isFresh = isKept && visits <= 1 && !hadCall && backedUpAtMs === undefined && list.length === 0
  return (
    <>
      {isFresh && (
        <section aria-labelledby="welcome" className="mt-4 rounded-card px-4 py-3.5 inset-ring inset-ring-line">
          <h2 id="welcome" className="text-[0.9375rem] font-medium">
            {words.title}
          </h2>
          <div className="mt-2 -ml-3 flex flex-wrap gap-1">
            <Button size="small" tone="quiet" onClick={() => setDialog('restore')}>
              <History size={16} aria-hidden /> {words.restore}
            </Button>
            <Button size="small" tone="quiet" onClick={() => setDialog('link')}>
              <Link2 size={16} aria-hidden /> {words.link}
            </Button>
          </div>
        </section>
      )}
      {dialog === 'restore' && <RestoreDialog close={close} />}
      {dialog === 'link' && <LinkDeviceDialog close={close} />}
    </>
  )
}
