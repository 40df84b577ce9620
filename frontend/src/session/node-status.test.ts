import { expect, onTestFinished, test, vi } from 'vitest'
import { evenScale, rmsOf } from './level-meter.ts'
import { maxAnnouncements, maxToasts, Notices } from './notices.ts'
import { NodeWatch, readNodeInfo, relayUrl } from './node-status.ts'
import { Preferences } from './preferences.ts'
import { FakeKeeper } from './testing/index.ts'

test('only what is known is taken from node.json', () => {
  expect(readNodeInfo(null)).toEqual({
    network: 'unknown',
    dhtRelayUrl: undefined,
    signallingUrl: undefined,
    nostrRelayUrls: [],
    blobs: undefined,
  })
  expect(readNodeInfo({ network: 'moon', dhtRelayUrl: 7 }).network).toBe('unknown')
})

test('a store of files is taken only where it can be one', () => {
  const blobs = { url: 'https://node.example/blobs', maxBytes: 1_000 }
  expect(readNodeInfo({ blobs }).blobs).toEqual(blobs)
  for (const wrong of [
    null,
    7,
    { ...blobs, url: 'javascript:alert(1)' },
    { ...blobs, maxBytes: 0 },
    { url: blobs.url },
  ]) {
    expect(readNodeInfo({ blobs: wrong }).blobs).toBeUndefined()
  }
})

test.each([
  ['http://localhost:3060/', undefined, undefined, 'ws://localhost:3060/dht'],
  ['https://node.example/', undefined, '', 'wss://node.example/dht'],
  ['https://node.example/', 'wss://relay.example/x', undefined, 'wss://relay.example/x'],
  ['http://localhost:5173/', 'ws://a.example/dht', 'ws://b.example/dht', 'ws://b.example/dht'],
])('the relay of %s, said %s, set to %s', (page, said, override, expected) => {
  expect(relayUrl(page, said, override)).toBe(expected)
})

test('the node is online, offline and online again', async () => {
  let up = true
  const watch = new NodeWatch(() =>
    up ? Promise.resolve(readNodeInfo({ network: 'local' })) : Promise.reject(new TypeError('down')),
  )
  await watch.ask()
  expect(watch.status.get()).toEqual({ kind: 'online', network: 'local' })
  up = false
  expect(await watch.ask()).toBeUndefined()
  expect(watch.status.get()).toEqual({ kind: 'offline' })
  up = true
  await watch.ask()
  expect(watch.status.get().kind).toBe('online')
})

test('asking goes on in one line however often the browser comes online, and ends with the undo', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let asked = 0
  const watch = new NodeWatch(() => {
    asked += 1
    return Promise.resolve(readNodeInfo({ network: 'local' }))
  })
  const page = new EventTarget()
  const stop = watch.watch(page)
  for (let index = 0; index < 3; index++) page.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  expect([asked, vi.getTimerCount()]).toEqual([3, 1])
  page.dispatchEvent(new Event('online'))
  stop()
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('what is said in passing is bounded, and the same words are one toast', () => {
  const notices = new Notices()
  for (let index = 0; index < 20; index++) notices.toast(`line ${index}`)
  notices.toast('line 19')
  expect(notices.announcements.get()).toHaveLength(maxAnnouncements)
  expect(notices.toasts.get().map((toast) => toast.text)).toEqual(['line 17', 'line 18', 'line 19'].slice(-maxToasts))
  for (const toast of notices.toasts.get()) notices.dismiss(toast.id)
  expect(notices.toasts.get()).toEqual([])
})

test('damaged preferences are the initial ones', () => {
  const broken = {
    getItem: () => '{"theme":"pink","name":7,"cameraOn":false',
    setItem: () => undefined,
    removeItem: () => undefined,
  }
  expect(new Preferences(broken, new FakeKeeper()).value.get()).toMatchObject({
    theme: 'system',
    name: '',
    cameraOn: true,
  })
  const odd = { ...broken, getItem: () => '{"theme":"pink","name":7,"cameraOn":false}' }
  expect(new Preferences(odd, new FakeKeeper()).value.get()).toMatchObject({
    theme: 'system',
    name: '',
    cameraOn: false,
  })
})

test('silence is 0, full scale is 1, speech lies between', () => {
  expect(evenScale(rmsOf(new Float32Array(64)))).toBe(0)
  expect(evenScale(rmsOf(new Float32Array(64).fill(1)))).toBe(1)
  const speech = evenScale(rmsOf(new Float32Array(64).fill(0.05)))
  expect(speech).toBeGreaterThan(0.4)
  expect(speech).toBeLessThan(0.7)
})
