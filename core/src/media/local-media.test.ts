import { expect, test } from 'vitest'
import type { MediaSource } from '../runtime/index.ts'
import { LocalMedia } from './local-media.ts'

/** The part of a track that matters here. `lit` is whether the device runs. */
class FakeTrack {
  readonly kind: 'audio' | 'video'
  readonly deviceId: string
  enabled = true
  contentHint = ''
  lit = true
  onended: (() => void) | null = null

  constructor(kind: 'audio' | 'video', deviceId: string) {
    this.kind = kind
    this.deviceId = deviceId
  }

  stop(): void {
    this.lit = false
  }

  /** Unplugged, or ended from the browser's own bar. */
  end(): void {
    this.lit = false
    this.onended?.()
  }
}

class FakeStream {
  readonly tracks: FakeTrack[]

  constructor(tracks: FakeTrack[] = []) {
    this.tracks = tracks
  }

  getTracks(): FakeTrack[] {
    return [...this.tracks]
  }

  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter((track) => track.kind === 'video')
  }

  addTrack(track: FakeTrack): void {
    this.tracks.push(track)
  }

  removeTrack(track: FakeTrack): void {
    this.tracks.splice(this.tracks.indexOf(track), 1)
  }
}

/** One prompt that waits for the user. */
interface Prompt {
  readonly asked: MediaStreamConstraints | 'screen'
  approve(): FakeTrack[]
  fail(name: string): void
}

function asStream(stream: FakeStream): MediaStream {
  return stream as unknown as MediaStream
}

function setUp() {
  const prompts: Prompt[] = []
  const every: FakeTrack[] = []
  const ask = (asked: Prompt['asked'], make: () => FakeTrack[]) =>
    new Promise<MediaStream>((resolve, reject) => {
      prompts.push({
        asked,
        approve() {
          const tracks = make()
          every.push(...tracks)
          resolve(asStream(new FakeStream(tracks)))
          return tracks
        },
        fail(name) {
          reject(new DOMException('no', name))
        },
      })
    })
  const source: MediaSource = {
    capture: (asked) =>
      ask(asked, () => [
        ...(asked.audio ? [new FakeTrack('audio', deviceOf(asked.audio))] : []),
        ...(asked.video ? [new FakeTrack('video', deviceOf(asked.video))] : []),
      ]),
    captureScreen: () => ask('screen', () => [new FakeTrack('video', 'screen')]),
  }
  const media = new LocalMedia(source, () => asStream(new FakeStream()))
  const last = (): Prompt => prompts.at(-1)!
  return {
    media,
    prompts,
    last,
    /** Devices that run now, by name; a muted microphone is not heard but runs. */
    lit: () => every.filter((track) => track.lit).map((track) => track.deviceId),
    /** Devices that send something now. */
    live: () => every.filter((track) => track.lit && track.enabled).map((track) => track.deviceId),
    state: () => {
      const { microphone, camera, screen } = media.view().media
      return `${microphone} ${camera} ${screen}`
    },
    /** Starts and approves. */
    async started(audio?: string | false, video?: string | false) {
      const done = media.start(audio, video)
      const tracks = last().approve()
      return { stream: await done, tracks }
    },
  }
}

function deviceOf(asked: true | MediaTrackConstraints): string {
  const id = asked === true ? undefined : asked.deviceId
  return typeof id === 'object' && 'exact' in id ? String(id.exact) : 'default'
}

test('starts both, announces them, and stops both', async () => {
  const { media, started, lit, state } = setUp()
  let changes = 0
  media.onChange(() => (changes += 1))
  const { stream } = await started('mic', 'cam')
  expect([state(), lit(), changes]).toEqual(['on on off', ['mic', 'cam'], 1])
  expect(media.view().stream).toBe(stream)
  expect(stream.getTracks()).toEqual([media.track('microphone'), media.track('camera')])
  media.stop()
  expect([state(), lit(), media.view().stream]).toEqual(['none none off', [], undefined])
})

test('none of either asks nobody', async () => {
  const { media, prompts, state } = setUp()
  await media.start(false, false)
  expect([prompts.length, state()]).toEqual([0, 'none none off'])
})

test.each([
  ['NotAllowedError', 'media-denied'],
  ['SecurityError', 'media-denied'],
  ['NotFoundError', 'media-missing'],
  ['OverconstrainedError', 'media-missing'],
  ['NotReadableError', 'media-busy'],
  ['AbortError', 'media-busy'],
  ['TypeError', 'media-unsupported'],
])('%s is told as %s, and nothing changes', async (name, code) => {
  const { media, started, last, lit, state } = setUp()
  await started('mic', 'cam')
  const switched = media.start('other', 'other')
  last().fail(name)
  await expect(switched).rejects.toMatchObject({ code })
  expect([state(), lit()]).toEqual(['on on off', ['mic', 'cam']])
  const shared = media.startScreen()
  last().fail(name)
  await expect(shared).rejects.toMatchObject({ code })
  expect(state()).toBe('on on off')
})

test('a device without media says so', async () => {
  const media = new LocalMedia(undefined)
  const unsupported = { code: 'media-unsupported' }
  await expect(media.start(undefined, undefined)).rejects.toMatchObject(unsupported)
  await expect(media.setMicrophone(true)).rejects.toMatchObject(unsupported)
  await expect(media.startScreen()).rejects.toMatchObject(unsupported)
})

test('switching keeps the stream and releases the old devices', async () => {
  const { started, lit, state } = setUp()
  const { stream } = await started('mic', 'cam')
  const second = await started('other mic', 'other cam')
  expect(second.stream).toBe(stream)
  expect([state(), lit()]).toEqual(['on on off', ['other mic', 'other cam']])
})

test('switching keeps a muted microphone muted and a camera that is off closed', async () => {
  const { media, started, last, lit, live, state } = setUp()
  await started('mic', 'cam')
  await media.setMicrophone(false)
  await media.setCamera(false)
  expect([state(), lit(), live()]).toEqual(['off off off', ['mic'], []])
  await started('other mic', 'other cam')
  expect(last().asked).toMatchObject({ video: false })
  expect([state(), lit(), live()]).toEqual(['off off off', ['other mic'], []])
  const on = media.setCamera(true)
  last().approve()
  await on
  await media.setMicrophone(true)
  expect([state(), live()]).toEqual(['on on off', ['other mic', 'other cam']])
})

test('a source that was given up by choice comes on when it is chosen again', async () => {
  const { media, started, state } = setUp()
  await started('mic', 'cam')
  await media.setMicrophone(false)
  await media.setCamera(false)
  await started(false, 'cam')
  expect(state()).toBe('none off off')
  await media.start(false, false)
  expect(state()).toBe('none none off')
  await started('mic', 'cam')
  expect(state()).toBe('on on off')
})

test('what was off before a stop is on after a new start', async () => {
  const { media, started, state } = setUp()
  await started()
  await media.setMicrophone(false)
  await media.setCamera(false)
  media.stop()
  await started()
  expect(state()).toBe('on on off')
})

test('a track that ends by itself counts as off, and stays off when devices are switched', async () => {
  const { started, state, live } = setUp()
  const { tracks, stream } = await started('mic', 'cam')
  for (const track of tracks) track.end()
  expect([state(), stream.getTracks()]).toEqual(['off off off', []])
  await started('other mic', 'other cam')
  expect([state(), live()]).toEqual(['off off off', []])
})

test('a camera that the switch itself ends is replaced by the new one', async () => {
  const { media, started, last, state } = setUp()
  const { tracks } = await started('mic', 'cam')
  const switched = media.start('mic', 'other cam')
  for (const track of tracks) track.end()
  last().approve()
  await switched
  expect(state()).toBe('on on off')
})

test('the end of a replaced track changes nothing', async () => {
  const { started, state } = setUp()
  const { tracks } = await started('mic', 'cam')
  await started('other mic', 'other cam')
  for (const track of tracks) track.end()
  expect(state()).toBe('on on off')
})

test('a screen is shared, and ended by the browser', async () => {
  const { media, last, state } = setUp()
  const shared = media.startScreen()
  const [track] = last().approve()
  await shared
  expect([state(), track?.contentHint]).toEqual(['none none on', 'detail'])
  expect(media.view().screenStream).toBeDefined()
  track?.end()
  expect([state(), media.view().screenStream, media.track('screen')]).toEqual(['none none off', undefined, undefined])
})

test('muted while the first prompt is open: comes up muted', async () => {
  const { media, last, live, lit, state } = setUp()
  const done = media.start('mic', 'cam')
  await media.setMicrophone(false)
  last().approve()
  await done
  expect([state(), lit(), live()]).toEqual(['off on off', ['mic', 'cam'], ['cam']])
})

test('muted during a switch: the new microphone comes up muted', async () => {
  const { media, started, last, live, state } = setUp()
  await started('mic', false)
  const switched = media.start('other mic', false)
  await media.setMicrophone(false)
  last().approve()
  await switched
  expect([state(), live()]).toEqual(['off none off', []])
})

test('unmuted during a switch: the new microphone is heard', async () => {
  const { media, started, last, live } = setUp()
  await started('mic', false)
  await media.setMicrophone(false)
  const switched = media.start('other mic', false)
  await media.setMicrophone(true)
  last().approve()
  await switched
  expect(live()).toEqual(['other mic'])
})

test.each(['first', 'switch'])('camera turned off during a %s: the new one is released', async (when) => {
  const { media, started, last, lit, state } = setUp()
  if (when === 'switch') await started('mic', 'cam')
  const done = media.start('mic', 'other cam')
  await media.setCamera(false)
  last().approve()
  await done
  expect([state(), lit()]).toEqual(['on off off', ['mic']])
  const on = media.setCamera(true)
  last().approve()
  await on
  expect(lit()).toEqual(['mic', 'other cam'])
})

test('muted while a capture is open that fails: the next one comes up muted', async () => {
  const { media, started, last, live, lit } = setUp()
  const failing = media.start('mic', 'cam')
  await Promise.all([media.setMicrophone(false), media.setCamera(false)])
  last().fail('NotReadableError')
  await expect(failing).rejects.toMatchObject({ code: 'media-busy' })
  await started('mic', 'cam')
  expect([lit(), live()]).toEqual([['mic'], []])
})

test('off survives a switch that a later switch replaces', async () => {
  const { media, prompts, lit, live } = setUp()
  const first = media.start('mic', 'cam')
  await Promise.all([media.setMicrophone(false), media.setCamera(false)])
  const second = media.start('other mic', 'other cam')
  for (const prompt of prompts) prompt.approve()
  await expect(first).rejects.toMatchObject({ code: 'media-superseded' })
  await second
  expect([lit(), live()]).toEqual([['other mic'], []])
})

test.each(['setMicrophone', 'setCamera'] as const)('%s(false) while its own capture is open wins', async (command) => {
  const { media, last, lit, state } = setUp()
  const on = media[command](true)
  await media[command](false)
  last().approve()
  await on
  expect([lit(), state()]).toEqual([[], 'none none off'])
})

test.each(['setMicrophone', 'setCamera'] as const)(
  '%s on, off, on: the last word wins, one device runs',
  async (on) => {
    const { media, prompts, lit } = setUp()
    const first = media[on](true)
    await media[on](false)
    const second = media[on](true)
    for (const prompt of prompts) prompt.approve()
    await Promise.all([first, second])
    expect(lit()).toEqual(['default'])
  },
)

test('muted while another call gives the microphone up: a capture still open does not come on', async () => {
  const { media, prompts, lit } = setUp()
  const started = media.start(false, 'cam')
  const on = media.setMicrophone(true)
  await media.setMicrophone(false)
  prompts[0]?.approve()
  await started
  prompts[1]?.approve()
  await on
  expect(lit()).toEqual(['cam'])
})

test('a camera turned on during a switch of microphones stays on', async () => {
  const { media, started, prompts, lit } = setUp()
  await started('mic', 'cam')
  await media.setCamera(false)
  const switched = media.start('other mic', 'cam')
  const on = media.setCamera(true)
  prompts.at(-1)?.approve()
  await on
  prompts.at(-2)?.approve()
  await switched
  expect(lit().sort()).toEqual(['cam', 'other mic'])
})

test.each(['stop', 'stopScreen'] as const)('a screen chosen after %s is not shared', async (end) => {
  const { media, last, lit, state } = setUp()
  const shared = media.startScreen()
  media[end]()
  last().approve()
  await shared
  expect([lit(), state(), media.track('screen')]).toEqual([[], 'none none off', undefined])
})

test('the picker of a share that was ended does not serve the next one', async () => {
  const { media, prompts, lit, state } = setUp()
  const first = media.startScreen()
  media.stopScreen()
  const second = media.startScreen()
  prompts[0]?.approve()
  await first
  expect([lit(), state()]).toEqual([[], 'none none off'])
  prompts[1]?.approve()
  await second
  expect([lit(), state()]).toEqual([['screen'], 'none none on'])
})

test('after stop nothing that was pending comes on', async () => {
  const { media, prompts, lit, state } = setUp()
  const started = media.start('mic', 'cam')
  const others = [media.setMicrophone(true), media.setCamera(true), media.startScreen()]
  media.stop()
  expect(prompts).toHaveLength(4)
  for (const prompt of prompts) prompt.approve()
  await expect(started).rejects.toMatchObject({ code: 'media-superseded' })
  await Promise.all(others)
  expect([lit(), state(), media.view().stream]).toEqual([[], 'none none off', undefined])
})
