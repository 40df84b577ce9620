import { ShieldCheck } from 'lucide-react'
import type { RoomPolicy } from '@p2pigeon/core'
import { policyWords, text } from '../../text/index.ts'

/** What the link fixes, said and not to be changed. */
export function Policy({ policy }: { readonly policy: RoomPolicy }) {
  return (
    <section aria-label={text.privacy.heading} className="mt-3 flex gap-2.5 text-[0.8125rem] text-soft">
      <ShieldCheck size={17} aria-hidden className="mt-px shrink-0 text-accent" />
      <div>
        <p className="font-medium text-ink">{policyWords(policy)}</p>
        <p>{text.privacy.levels[policy.privacy].sentence}</p>
        {policy.constantRate && <p className="mt-1">{text.privacy.constantRate.short}</p>}
        <p className="mt-1">{policy.keepChat ? text.privacy.keepChat.kept : text.privacy.keepChat.notKept}</p>
      </div>
    </section>
  )
}
