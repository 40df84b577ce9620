import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FilmPlayer } from './film-player.ts'
import type { Film } from './film-source.ts'

class FakeSource extends EventTarget {
  readonly readyState = 'open'
  duration = 0

  addSourceBuffer(): object {
    return { updating: false, buffered: { length: 0 }, abort: () => undefined }
  }
}

const made: FakeSource[] = []

class NotedSource extends FakeSource {
  constructor() {
    super()
    made.push(this)
  }
}

beforeEach(() => {
  made.length = 0
  vi.stubGlobal('MediaSource', NotedSource)
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:film')
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('says so when the browser cannot decode what it was given, before anything was to be seen', async () => {
  const video = Object.assign(new EventTarget(), { currentTime: 0, src: '' })
  const play = vi.fn<Film['play']>(() => new Promise(() => undefined))
  const broken = vi.fn<() => void>()
  const film: Film = { mimeType: 'video/mp4', seconds: 60, play }
  void new FilmPlayer(video as unknown as HTMLVideoElement, film, broken).start()
  made[0]?.dispatchEvent(new Event('sourceopen'))
  await vi.waitFor(() => expect(play).toHaveBeenCalled())
  expect(broken).not.toHaveBeenCalled()
  video.dispatchEvent(new Event('error'))
  expect(broken).toHaveBeenCalledTimes(1)
})
