import { useEffect } from 'react'
import { DashboardView } from '../features/dashboard/index.ts'
import { SessionContext, type Session } from '../session/index.ts'
import { useReadable } from '../state/index.ts'
import { text } from '../text/index.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import type { Navigator } from './navigator.ts'
import { RoomPage } from './RoomPage.tsx'
import { SettingsMenu } from './SettingsMenu.tsx'
import { Toasts } from './Toasts.tsx'

export interface AppProps {
  readonly session: Session
  readonly navigator: Navigator
}

export function App({ session, navigator }: AppProps) {
  return (
    <ErrorBoundary>
      <SessionContext value={session}>
        <Pages navigator={navigator} />
        <Toasts notices={session.notices} />
        <Theme session={session} />
      </SessionContext>
    </ErrorBoundary>
  )
}

function Pages({ navigator }: { readonly navigator: Navigator }) {
  const place = useReadable(navigator.place)
  const atHome = place.kind !== 'room'
  useEffect(() => {
    document.title = atHome ? text.product.name : `${text.preJoin.room} · ${text.product.name}`
  }, [atHome])
  const corner = <SettingsMenu />
  if (place.kind === 'opening') return null
  // A refused link makes the page anew, so that its words show.
  return place.kind === 'home' ? (
    <DashboardView key={place.linkFault} linkFault={place.linkFault} goToRoom={navigator.goToRoom} corner={corner} />
  ) : (
    <RoomPage key={place.roomId} roomId={place.roomId} goHome={navigator.goHome} corner={corner} />
  )
}

/** Writes the chosen appearance where the tokens look for it. */
function Theme({ session }: { readonly session: Session }) {
  const { theme } = useReadable(session.preferences.value)
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
  return null
}
