import { createRoot } from 'react-dom/client'
import { App, Navigator, windowBar } from '../../src/app/index.ts'
import { IdentitiesContext, openDatabase, Session, type PagePorts } from '../../src/session/index.ts'
import { VaultControls } from '../../src/session/vault/controls/index.ts'
import { fakeCode, fakeCore, FakeFiles, FakeManager, fakeVaultPage } from '../../src/session/testing/index.ts'
import '../../src/ui/theme.css'
import { paintedCamera, paintedScreen } from './painted-media.ts'
import type { Scene } from './scene.ts'
import { scenes } from './scenes.ts'

const dayMs = 86_400_000

/** Shows one scene of the product with a fake core: `gallery.html?scene=room-3`. Without one, a list of all. */
async function show(scene: Scene): Promise<void> {
  const manager = new FakeManager()
  const camera = paintedCamera(205, 3)
  manager.stream = () => camera
  manager.screen = paintedScreen
  scene.prepare?.(manager)
  const database = `gallery-${Date.now()}`
  const page: PagePorts = {
    address: 'https://node.example/',
    roadOverrides: { relay: undefined, signalling: undefined },
    localStorage: undefined,
    sessionStorage: undefined,
    mediaDevices: navigator.mediaDevices,
    isReload: false,
    reload: () => undefined,
    now: () => Date.now(),
    openDatabase: () => (scene.visit ? openDatabase(database) : Promise.resolve(undefined)),
    openFiles: () => scene.files?.() ?? Promise.resolve(new FakeFiles()),
    vault: fakeVaultPage(),
    visibility: { isVisible: () => true, onChange: () => () => undefined },
    notify: () => undefined,
    fetchNodeInfo: () =>
      scene.node === 'offline'
        ? Promise.reject(new TypeError('offline'))
        : Promise.resolve({
            network: scene.node ?? 'public',
            dhtRelayUrl: undefined,
            signallingUrl: undefined,
            nostrRelayUrls: [],
            blobs: undefined,
          }),
    fetchIceServers: () => Promise.resolve({ iceServers: [], ttlSeconds: 60 }),
  }
  if (scene.visit) {
    const before = new Session(fakeCore(new FakeManager()), page)
    before.preferences.change({ name: 'Ada Lovelace' })
    await recentRooms(before, scene.rooms ?? 0)
    await scene.visit(before, new VaultControls(before))
  }
  const session = new Session(fakeCore(manager), page)
  history.replaceState(null, '', scene.fragment)
  if (!scene.visit) {
    session.preferences.change({ name: 'Ada Lovelace' })
    await recentRooms(session, scene.rooms ?? 0)
  }
  session.start(window)
  const bar = new Navigator(windowBar(), (code) => session.openLink(code))
  bar.start()
  const root = document.getElementById('root')
  if (root) {
    createRoot(root).render(
      <IdentitiesContext value={scene.identities}>
        <App session={session} navigator={bar} />
      </IdentitiesContext>,
    )
  }
  setTimeout(() => void Promise.resolve(scene.play?.(session, manager)).then(ready), 200)
}

function recentRooms(session: Session, count: number): Promise<void> {
  const given = ['Team stand-up', '', 'Board', '', 'Interviews with candidates for the data protection office', '', '']
  return session.rooms.restore(
    Array.from({ length: count }, (_, index) => ({
      roomId: `recent${index * 7919}`,
      code: fakeCode(`recent${index}`),
      name: given[index] ?? '',
      lastUsedAtMs: Date.now() - index * 1.7 * dayMs - 240_000,
    })),
  )
}

function ready(): void {
  document.documentElement.dataset['scene'] = 'ready'
}

const query = new URLSearchParams(location.search)
const scene = scenes[query.get('scene') ?? '']
if (scene) void show(scene)
else {
  const list = document.createElement('ul')
  for (const name of Object.keys(scenes)) {
    const link = document.createElement('a')
    link.href = `?scene=${name}`
    link.textContent = name
    const item = document.createElement('li')
    item.append(link)
    list.append(item)
  }
  document.body.append(list)
}
