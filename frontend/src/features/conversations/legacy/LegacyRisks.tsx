import { legacyText as words } from '../../../text/conversations/index.ts'

/** What such a conversation gives away, point by point. */
export function LegacyRisks({ className }: { readonly className?: string }) {
  return (
    <ul className={className}>
      {words.risks.map(({ title, body }) => (
        <li key={title} className="mt-1.5 text-[0.8125rem] leading-snug">
          <span className="font-semibold">{title}.</span> {body}
        </li>
      ))}
    </ul>
  )
}
