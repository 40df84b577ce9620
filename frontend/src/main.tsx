import { createRoot } from 'react-dom/client'
import { App, Navigator, windowBar } from './app/index.ts'
import { corePorts } from './session/core/index.ts'
import { browserPage, IdentitiesContext, Session } from './session/index.ts'
import './ui/theme.css'

const session = new Session(
  corePorts,
  browserPage({ relay: import.meta.env.VITE_DHT_RELAY_URL, signalling: import.meta.env.VITE_SIGNALING_URL }),
)
session.start(window)
const navigator = new Navigator(windowBar(), (code) => session.openLink(code))
navigator.start()
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <IdentitiesContext value={(room) => session.people.identitiesIn(room)}>
      <App session={session} navigator={navigator} />
    </IdentitiesContext>,
  )
}
