import { lazy, Suspense, useEffect, useState } from 'react'
import { Settings } from 'lucide-react'
import { DashboardView } from '../features/dashboard/index.ts'
import { SessionContext, useSession, type Session } from '../session/index.ts'
import { useReadable } from '../state/index.ts'
import { IconButton } from '../ui/index.ts'
import { text } from '../text/index.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import type { Navigator } from './navigator.ts'
import { RoomPage } from './RoomPage.tsx'
import { SettingsMenu } from './SettingsMenu.tsx'
import { Toasts } from './Toasts.tsx'
import { ConversationsLink } from './ChatParts.tsx'
import { ChatsPage } from './ChatsPage.tsx'
import { Calls, ContactsLink, ContactsView } from './PeopleParts.tsx'
import { CareNotice, loadVault, Welcome } from './VaultParts.tsx'
import { writeTo } from './write-to.ts'

export interface AppProps {
  readonly session: Session
  readonly navigator: Navigator
}

export function App({ session, navigator }: AppProps) {
  return (
    <ErrorBoundary>
      <SessionContext value={session}>
        <Pages navigator={navigator} />
        <Calls goToRoom={navigator.goToRoom} />
        <Toasts notices={session.notices} />
        <Theme session={session} />
      </SessionContext>
    </ErrorBoundary>
  )
}

const LockPage = lazy(() => loadVault().then(({ LockPage: page }) => ({ default: page })))
const SettingsPage = lazy(() => loadVault().then(({ SettingsPage: page }) => ({ default: page })))
/** The page works by then, and what is fetched ahead keeps nobody waiting. */
const fetchAheadMs = 2_000

function Pages({ navigator }: { readonly navigator: Navigator }) {
  const session = useSession()
  const place = useReadable(navigator.place)
  const keeper = useReadable(session.keeper.state)
  const isShowable = useOpened(session)
  const isHome = place.kind !== 'room' && place.kind !== 'opening'
  useEffect(() => {
    document.title = isHome ? text.product.name : `${text.preJoin.room} · ${text.product.name}`
  }, [isHome])
  useEffect(() => {
    if (!isHome) return
    // Settings are wanted when the node is gone as well. Whoever opens them meets the failure.
    const ahead = setTimeout(() => void loadVault().catch(() => undefined), fetchAheadMs)
    return () => clearTimeout(ahead)
  }, [isHome])
  if (keeper.kind === 'locked') {
    return (
      <Suspense fallback={null}>
        <LockPage ways={keeper.ways} isInvited={!isHome} />
      </Suspense>
    )
  }
  if (!isShowable) return null
  switch (place.kind) {
    case 'opening':
      return null
    case 'home':
      // A refused link makes the page anew, so that its words show.
      return (
        <DashboardView
          key={place.linkFault}
          linkFault={place.linkFault}
          goToRoom={navigator.goToRoom}
          corner={
            <span className="flex items-center gap-1">
              <ConversationsLink open={() => navigator.goToChats()} />
              <ContactsLink open={navigator.goToContacts} />
              <SettingsLink open={navigator.goToSettings} />
            </span>
          }
          notice={<CareNotice className="mb-6" />}
          aside={<Welcome />}
        />
      )
    case 'contacts':
      return (
        <Suspense fallback={null}>
          <ContactsView
            key={place.card}
            card={place.card}
            goHome={navigator.goHome}
            write={(id) => writeTo(session, id).then(navigator.goToChats)}
            corner={<SettingsLink open={navigator.goToSettings} />}
          />
        </Suspense>
      )
    case 'chats':
      return (
        <Suspense fallback={null}>
          <ChatsPage
            chosen={place.id}
            choose={navigator.goToChats}
            goHome={navigator.goHome}
            goToContacts={navigator.goToContacts}
            corner={<SettingsLink open={navigator.goToSettings} />}
          />
        </Suspense>
      )
    case 'settings':
      return (
        <Suspense fallback={null}>
          <SettingsPage goBack={navigator.goHome} />
        </Suspense>
      )
    case 'room':
      return (
        <RoomPage
          key={place.roomId}
          roomId={place.roomId}
          goHome={navigator.goHome}
          keepHere={navigator.keepHere}
          corner={<SettingsMenu />}
        />
      )
  }
}

/** True once what this device keeps is in sight: names and rooms do not pop up in a page that is shown already. */
function useOpened(session: Session): boolean {
  const [opened, setOpened] = useState(false)
  useEffect(() => {
    let wanted = true
    void session.opened.then(() => {
      if (wanted) setOpened(true)
    })
    return () => {
      wanted = false
    }
  }, [session])
  return opened
}

function SettingsLink({ open }: { readonly open: () => void }) {
  return (
    <IconButton hint label={text.settings.label} onClick={open}>
      <Settings size={20} aria-hidden />
    </IconButton>
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
