import { useState } from 'react'
import { KeyRound } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { isBackupDue, useSession } from '../../../session/index.ts'
import { Button, cx } from '../../../ui/index.ts'
import { vaultText } from '../../../text/index.ts'
import { FileDialog } from './FileDialog.tsx'
import { WordsDialog } from './WordsDialog.tsx'

const words = vaultText.backup.prompt

/** Asks for a backup at a calm moment, and takes “later” for an answer. Shows nothing otherwise. */
export function BackupPrompt({ className }: { readonly className?: string }) {
  const { care, keeper } = useSession()
  const value = useReadable(care.value)
  const state = useReadable(keeper.state)
  const record = useReadable(keeper.record)
  const [dialog, setDialog] = useState<'words' | 'file'>()
  const [nowMs] = useState(() => Date.now())
  // Not before the identity is known: a linked device has nothing to back up.
  const isOurs = state.kind === 'open' && record !== undefined && keeper.identity() !== undefined
  const close = (): void => setDialog(undefined)
  return (
    <>
      {isOurs && isBackupDue(value, nowMs) && (
        <section
          aria-labelledby="backup-prompt"
          className={cx(
            'appear flex items-start gap-3.5 rounded-card bg-surface p-4 text-left inset-ring inset-ring-line',
            className,
          )}
        >
          <KeyRound size={20} aria-hidden className="mt-0.5 shrink-0 text-accent" />
          <div className="min-w-0">
            <h2 id="backup-prompt" className="font-semibold">
              {words.title}
            </h2>
            <p className="mt-0.5 text-[0.875rem] text-soft">{words.body}</p>
            <div className="mt-3 flex flex-wrap gap-2">
              <Button size="small" tone="primary" onClick={() => setDialog('words')}>
                {words.words}
              </Button>
              <Button size="small" onClick={() => setDialog('file')}>
                {words.file}
              </Button>
              <Button size="small" tone="quiet" onClick={() => care.remindLater()}>
                {words.later}
              </Button>
            </div>
          </div>
        </section>
      )}
      {dialog === 'words' && <WordsDialog close={close} />}
      {dialog === 'file' && <FileDialog close={close} />}
    </>
  )
}
