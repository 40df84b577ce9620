import { useState } from 'react'
import { IdCard } from 'lucide-react'
import type { SelfView } from '@p2pigeon/core'
import { Avatar, Button } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import { FileRightMark, MediaIcons, RoleBadge } from './Badges.tsx'
import { Question } from '../Question.tsx'

/** The user: what others see of them, and whether they show who they are. */
export function OwnRow({
  self,
  mutedBy,
  canPresent,
  togglePresented,
}: {
  readonly self: SelfView
  /** Who has muted the user, in words; undefined while it may speak. */
  readonly mutedBy: string | undefined
  readonly canPresent: boolean
  readonly togglePresented: () => void
}) {
  const words = roomText.present
  const [asking, setAsking] = useState(false)
  const presented = self.presentation !== undefined
  return (
    <li className="px-4 py-1.5">
      <div className="flex items-center gap-3">
        <Avatar name={self.name} seed={self.peerId} className="size-9 text-[0.8125rem]" />
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-1.5 leading-snug">
            <bdi className="truncate font-medium">{self.name}</bdi>
            <span className="shrink-0 text-faint">{text.common.you}</span>
          </p>
          <p className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5 text-[0.8125rem] text-faint">
            <RoleBadge role={self.role} />
            <MediaIcons media={self.media} mutedForAll={self.mutedForAll} />
            <FileRightMark right={self.fileRight} words={roomText.files.readerSelf} />
            {presented && <span className="font-medium text-accent">{words.shown}</span>}
          </p>
          {mutedBy && <p className="text-[0.8125rem] text-warn-ink">{mutedBy}</p>}
        </div>
      </div>
      {canPresent && (
        <div className="mt-1 pl-9">
          <Button
            size="small"
            tone="quiet"
            aria-label={presented ? words.hide : undefined}
            onClick={() => {
              if (presented) togglePresented()
              else setAsking(true)
            }}
          >
            <IdCard size={16} aria-hidden />
            {presented ? words.hideShort : words.show}
          </Button>
        </div>
      )}
      {asking && (
        <Question
          title={words.show}
          body={words.ask}
          yes={words.yes}
          act={togglePresented}
          close={() => setAsking(false)}
        >
          <ul className="mt-3 grid list-disc gap-1 pl-5 text-[0.875rem] text-soft">
            {words.learns.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Question>
      )}
    </li>
  )
}
