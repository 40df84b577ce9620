import { useReadable } from '../../../state/index.ts'
import { useSession, type Theme } from '../../../session/index.ts'
import { RadioGroup, Switch } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { Section } from './Section.tsx'

const words = vaultText.settings.appearance
const themes: readonly { readonly id: Theme; readonly note: string }[] = [
  { id: 'system', note: words.systemNote },
  { id: 'light', note: words.lightNote },
  { id: 'dark', note: words.darkNote },
]

/** Colours, and the single keys of a call, which can be switched off (WCAG 2.1.4). */
export function AppearanceSection() {
  const { preferences } = useSession()
  const { theme, shortcuts } = useReadable(preferences.value)
  return (
    <Section title={words.title}>
      <RadioGroup
        legend={words.theme}
        choices={themes.map(({ id, note }) => ({ id, label: text.settings[id], note }))}
        chosen={theme}
        choose={(chosen) => preferences.change({ theme: chosen })}
      />
      <div className="mt-3 border-t border-line pt-3">
        <Switch
          label={words.shortcuts}
          note={words.shortcutsNote}
          on={shortcuts}
          toggle={(on) => preferences.change({ shortcuts: on })}
        />
      </div>
    </Section>
  )
}
