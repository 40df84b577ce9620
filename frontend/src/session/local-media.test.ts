import { expect, test } from 'vitest'
import { Devices } from './devices.ts'
import { LocalMedia } from './local-media.ts'
import { Preferences } from './preferences.ts'
import { FakeKeeper, FakeManager } from './testing/index.ts'

function setUp() {
  const manager = new FakeManager()
  const preferences = new Preferences(undefined, new FakeKeeper())
  const media = new LocalMedia(manager, preferences, new Devices(undefined), Promise.resolve())
  return { manager, preferences, media }
}

test('a camera that fails leaves the microphone on, and is named', async () => {
  const { manager, media } = setUp()
  manager.camera = { fault: 'media-busy' }
  await media.open({ microphone: 'on', camera: 'on' })
  expect(media.snapshot.get()).toMatchObject({
    phase: 'open',
    media: { microphone: 'on', camera: 'none' },
    cameraFault: 'media-busy',
    microphoneFault: undefined,
  })
})

test('a microphone that fails leaves the camera on', async () => {
  const { manager, media } = setUp()
  manager.microphone = { fault: 'media-denied' }
  await media.open({ microphone: 'on', camera: 'on' })
  expect(media.snapshot.get()).toMatchObject({
    media: { microphone: 'none', camera: 'on' },
    microphoneFault: 'media-denied',
    cameraFault: undefined,
  })
})

test('both failing is told for both, and trying again after it works clears it', async () => {
  const { manager, media } = setUp()
  manager.microphone = { fault: 'media-denied' }
  manager.camera = { fault: 'media-missing' }
  await media.open({ microphone: 'on', camera: 'on' })
  expect(media.snapshot.get()).toMatchObject({ microphoneFault: 'media-denied', cameraFault: 'media-missing' })
  manager.microphone = {}
  manager.camera = {}
  await media.open({ microphone: 'on', camera: 'on' })
  expect(media.snapshot.get()).toMatchObject({ microphoneFault: undefined, cameraFault: undefined })
})

test('a chosen device that is unplugged today gives way to the default one', async () => {
  const { manager, preferences, media } = setUp()
  preferences.change({ microphoneId: 'headset' })
  const start = manager.startLocalStream.bind(manager)
  manager.startLocalStream = (audio, video) => {
    manager.microphone = audio === 'headset' ? { fault: 'media-missing' } : {}
    return start(audio, video)
  }
  await media.open({ microphone: 'on', camera: 'on' })
  expect(media.snapshot.get()).toMatchObject({ media: { microphone: 'on', camera: 'on' }, microphoneFault: undefined })
  expect(manager.starts.at(-1)).toEqual([undefined, undefined])
})

test('a muted microphone stays muted when another one is chosen', async () => {
  const { manager, media } = setUp()
  await media.open({ microphone: 'off', camera: 'none' })
  await media.chooseMicrophone('headset')
  expect(manager.starts.at(-1)).toEqual(['headset', false])
  expect(media.snapshot.get().media.microphone).toBe('off')
})

test('choosing a camera while it is off does not light it', async () => {
  const { manager, media } = setUp()
  await media.open({ microphone: 'on', camera: 'on' })
  await media.toggleCamera()
  await media.chooseCamera('other')
  expect(manager.starts.filter(([, video]) => video === 'other')).toEqual([])
  await media.toggleCamera()
  expect(manager.starts.at(-1)).toEqual([undefined, 'other'])
  expect(media.snapshot.get().media.camera).toBe('on')
})

test('fast toggles run one after the other', async () => {
  const { media } = setUp()
  await media.open({ microphone: 'on', camera: 'on' })
  await Promise.all([media.toggleMicrophone(), media.toggleMicrophone(), media.toggleMicrophone()])
  expect(media.snapshot.get().media.microphone).toBe('off')
})

test('a declined screen is told by its code', async () => {
  const { manager, media } = setUp()
  manager.screenFault = 'media-denied'
  expect(await media.shareScreen()).toBe('media-denied')
  manager.screenFault = undefined
  expect(await media.shareScreen()).toBeUndefined()
  expect(media.snapshot.get().media.screen).toBe('on')
})

/** Everything a test watches for that must never have been: states in which something was on. */
function everOn({ media }: ReturnType<typeof setUp>): Set<string> {
  const seen = new Set<string>()
  media.snapshot.subscribe(() => {
    const now = media.snapshot.get().media
    for (const name of ['microphone', 'camera', 'screen'] as const) if (now[name] === 'on') seen.add(name)
  })
  return seen
}

/** Makes captures wait until `answer`; `asked` resolves when the first one does. */
function hold(manager: FakeManager): { asked: Promise<void>; answer: () => void } {
  let answer = (): void => undefined
  const answered = new Promise<void>((resolve) => (answer = resolve))
  const asked = new Promise<void>((resolve) => {
    manager.prompt = () => {
      resolve()
      return answered
    }
  })
  return { asked, answer }
}

test('muting does not wait for a prompt that is open', async () => {
  const { manager, media } = setUp()
  await media.open({ microphone: 'on', camera: 'none' })
  const { asked, answer } = hold(manager)
  const camera = media.toggleCamera()
  await asked
  await media.toggleMicrophone()
  expect(media.snapshot.get().media).toMatchObject({ microphone: 'off', camera: 'none' })
  answer()
  await camera
  expect(media.snapshot.get().media).toMatchObject({ microphone: 'off', camera: 'on' })
})

test('turning the camera off does not wait for a prompt that is open', async () => {
  const { manager, media } = setUp()
  await media.open({ microphone: 'on', camera: 'on' })
  const { asked, answer } = hold(manager)
  const chosen = media.chooseMicrophone('headset')
  await asked
  await media.toggleCamera()
  expect(media.snapshot.get().media.camera).toBe('off')
  answer()
  await chosen
  expect(media.snapshot.get().media).toMatchObject({ microphone: 'on', camera: 'off' })
})

test.each(['waits', 'is open'])('what is turned off while its prompt %s never comes on', async (when) => {
  const parts = setUp()
  const { manager, media, preferences } = parts
  const seen = everOn(parts)
  const { asked, answer } = hold(manager)
  const opened = media.open({ microphone: 'on', camera: 'on' })
  if (when === 'is open') await asked
  await Promise.all([media.toggleMicrophone(), media.toggleCamera()])
  answer()
  await opened
  expect([...seen]).toEqual([])
  expect(media.snapshot.get()).toMatchObject({ phase: 'open', media: { microphone: 'off', camera: 'off' } })
  expect(preferences.value.get()).toMatchObject({ microphoneOn: false, cameraOn: false })
})

test('a microphone muted while the camera fails stays muted when it is opened alone', async () => {
  const parts = setUp()
  const { manager, media } = parts
  const seen = everOn(parts)
  manager.camera = { fault: 'media-busy' }
  const { asked, answer } = hold(manager)
  const opened = media.open({ microphone: 'on', camera: 'on' })
  await asked
  await media.toggleMicrophone()
  answer()
  await opened
  expect([...seen]).toEqual([])
  expect(media.snapshot.get()).toMatchObject({ media: { microphone: 'off' }, cameraFault: 'media-busy' })
})

test('a microphone that is to open muted is never heard', async () => {
  const parts = setUp()
  const seen = everOn(parts)
  await parts.media.open({ microphone: 'off', camera: 'none' })
  expect([...seen]).toEqual([])
  expect(parts.media.snapshot.get().media.microphone).toBe('off')
})

test('turning on waits its turn, and is forgotten when it is turned off meanwhile', async () => {
  const { manager, media } = setUp()
  await media.open({ microphone: 'off', camera: 'none' })
  const { asked, answer } = hold(manager)
  const camera = media.toggleCamera()
  await asked
  const on = media.toggleMicrophone()
  expect(media.snapshot.get().media.microphone).toBe('off')
  const off = media.toggleMicrophone()
  answer()
  await Promise.all([camera, on, off])
  expect(media.snapshot.get().media).toMatchObject({ microphone: 'off', camera: 'on' })
})

test('off and on again while a prompt is open ends on', async () => {
  const { manager, media } = setUp()
  const { asked, answer } = hold(manager)
  const opened = media.open({ microphone: 'on', camera: 'none' })
  await asked
  const toggled = [media.toggleMicrophone(), media.toggleMicrophone()]
  answer()
  await Promise.all([opened, ...toggled])
  expect(media.snapshot.get().media.microphone).toBe('on')
})

test('opening what was muted in an attempt that failed opens it on', async () => {
  const { manager, media } = setUp()
  manager.microphone = { fault: 'media-denied' }
  const { asked, answer } = hold(manager)
  const opened = media.open({ microphone: 'on', camera: 'none' })
  await asked
  await media.toggleMicrophone()
  answer()
  await opened
  manager.microphone = {}
  await media.open({ microphone: 'on', camera: 'none' })
  expect(media.snapshot.get().media.microphone).toBe('on')
})

test.each(['waits', 'is open'])('a share ended while its picker %s does not begin', async (when) => {
  const parts = setUp()
  const { manager, media } = parts
  const seen = everOn(parts)
  const { asked, answer } = hold(manager)
  const shared = [media.shareScreen(), media.shareScreen()]
  if (when === 'is open') await asked
  media.stopSharing()
  answer()
  expect(await Promise.all(shared)).toEqual([undefined, undefined])
  expect([...seen]).toEqual([])
})

test.each(['waits', 'is open'])('closing while a prompt %s is at once, and nothing comes on', async (when) => {
  const parts = setUp()
  const { manager, media } = parts
  const seen = everOn(parts)
  const { asked, answer } = hold(manager)
  const before = [media.open({ microphone: 'on', camera: 'on' }), media.toggleCamera(), media.toggleCamera()]
  if (when === 'is open') await asked
  await media.close()
  expect(media.snapshot.get().phase).toBe('closed')
  answer()
  await Promise.all(before)
  expect([...seen]).toEqual([])
  expect(manager.starts).toHaveLength(when === 'is open' ? 1 : 0)
  expect(media.snapshot.get()).toMatchObject({ phase: 'closed', microphoneFault: undefined })
  await media.open({ microphone: 'on', camera: 'on' })
  expect(media.snapshot.get()).toMatchObject({ phase: 'open', media: { microphone: 'on', camera: 'on' } })
})
