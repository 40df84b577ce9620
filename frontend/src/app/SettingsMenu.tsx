import { lazy, Suspense } from 'react'
import { Settings } from 'lucide-react'
import { useReadable } from '../state/index.ts'
import { useSession, type Theme } from '../session/index.ts'
import { IconButton } from '../ui/index.ts'
import { text } from '../text/index.ts'

const ChoiceMenu = lazy(() => import('../ui/overlays/index.ts').then(({ ChoiceMenu: menu }) => ({ default: menu })))
const themes: readonly Theme[] = ['system', 'light', 'dark']

/** Appearance and shortcuts. Single-letter shortcuts can be switched off (WCAG 2.1.4). */
export function SettingsMenu() {
  const { preferences } = useSession()
  const { theme, shortcuts } = useReadable(preferences.value)
  const trigger = (
    <IconButton label={text.settings.label}>
      <Settings size={20} aria-hidden />
    </IconButton>
  )
  return (
    <Suspense fallback={trigger}>
      <ChoiceMenu
        trigger={trigger}
        groups={[
          {
            title: text.settings.theme,
            chosen: theme,
            choose: (id) => preferences.change({ theme: themes.find((one) => one === id) ?? 'system' }),
            choices: themes.map((one) => ({ id: one, label: text.settings[one] })),
          },
          {
            title: text.settings.shortcuts,
            chosen: shortcuts ? 'on' : 'off',
            choose: (id) => preferences.change({ shortcuts: id === 'on' }),
            choices: [
              { id: 'on', label: text.settings.shortcutsOn },
              { id: 'off', label: text.settings.shortcutsOff },
            ],
          },
        ]}
      />
    </Suspense>
  )
}
