import { expect, test } from 'vitest'
import { Devices } from './devices.ts'
import { LocalMedia } from './local-media.ts'
import { Preferences } from './preferences.ts'
import { FakeManager } from './testing/index.ts'

function setUp() {
  const manager = new FakeManager()
  const preferences = new Preferences(undefined)
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
