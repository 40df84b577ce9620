import { useState } from 'react'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { useSession } from '../../../session/index.ts'
import { Button } from '../../../ui/index.ts'
import { timeAgo, vaultText } from '../../../text/index.ts'
import { FileDialog, WordsDialog } from '../backup/index.ts'
import { RestoreDialog } from '../restore/index.ts'
import { Section, Standing } from './Section.tsx'

const words = vaultText.settings.backup

/** Whether the identity would survive the loss of this device. */
export function BackupSection({ isLinked }: { readonly isLinked: boolean }) {
  const { care } = useSession()
  const { backedUpAtMs } = useReadable(care.value)
  const [dialog, setDialog] = useState<'words' | 'file' | 'restore'>()
  const [nowMs] = useState(() => Date.now())
  const close = (): void => setDialog(undefined)
  return (
    <Section title={words.title}>
      {isLinked ? (
        <p className="text-soft">{words.linked}</p>
      ) : backedUpAtMs === undefined ? (
        <Standing icon={<TriangleAlert size={20} aria-hidden className="text-warn-ink" />} title={words.missing}>
          {words.missingBody}
        </Standing>
      ) : (
        <Standing
          icon={<CircleCheck size={20} aria-hidden className="text-good" />}
          title={words.done(timeAgo(backedUpAtMs, nowMs))}
        >
          {words.doneBody}
        </Standing>
      )}
      <div className="mt-4 flex flex-wrap gap-2.5">
        {!isLinked && (
          <>
            <Button size="small" onClick={() => setDialog('words')}>
              {words.words}
            </Button>
            <Button size="small" onClick={() => setDialog('file')}>
              {words.file}
            </Button>
          </>
        )}
        <Button size="small" onClick={() => setDialog('restore')}>
          {vaultText.restore.open}
        </Button>
      </div>
      {dialog === 'words' && <WordsDialog close={close} />}
      {dialog === 'file' && <FileDialog close={close} />}
      {dialog === 'restore' && <RestoreDialog close={close} />}
    </Section>
  )
}
