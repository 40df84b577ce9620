import { ShieldCheck } from 'lucide-react'
import type { PrivacyLevel, RoomPolicy } from '@p2pigeon/core'
import { Disclosure, RadioGroup, Switch } from '../../ui/index.ts'
import { constantRateCell, constantRateKilobits, policyWords, text } from '../../text/index.ts'

/** The default first, then from the one that shows more to the one that shows less. */
const levels: readonly PrivacyLevel[] = ['standard', 'lan', 'hidden']

/** What a new room fixes for everyone in it. Nobody has to open it: the default stands beside its title. */
export function PrivacyChoice({
  policy,
  choosePrivacy,
  chooseConstantRate,
  chooseKeepChat,
}: {
  readonly policy: RoomPolicy
  readonly choosePrivacy: (level: PrivacyLevel) => void
  readonly chooseConstantRate: (on: boolean) => void
  readonly chooseKeepChat: (on: boolean) => void
}) {
  return (
    <Disclosure
      className="mt-3"
      icon={<ShieldCheck size={16} aria-hidden />}
      title={text.privacy.heading}
      said={policyWords(policy)}
    >
      <div className="rounded-card bg-surface px-5 py-4 inset-ring inset-ring-line">
        <RadioGroup
          legend={text.privacy.legend}
          choices={levels.map((id) => ({
            id,
            label: text.privacy.levels[id].choice,
            note: text.privacy.levels[id].sentence,
          }))}
          chosen={policy.privacy}
          choose={choosePrivacy}
        />
        <div className="mt-2 border-t border-line pt-2">
          <Switch
            label={text.privacy.constantRate.name}
            note={text.privacy.constantRate.sentence(constantRateCell, constantRateKilobits(1))}
            on={policy.constantRate}
            toggle={chooseConstantRate}
          />
          <Switch
            label={text.privacy.keepChat.choice}
            note={text.privacy.keepChat.sentence}
            on={policy.keepChat}
            toggle={chooseKeepChat}
          />
        </div>
        <p className="mt-2 text-[0.8125rem] text-faint">{text.privacy.fixed}</p>
      </div>
    </Disclosure>
  )
}
