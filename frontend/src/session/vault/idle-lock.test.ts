import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isBackupDue, type CareValue } from './care.ts'
import { IdleLock, type IdleLockPorts } from './idle-lock.ts'

const minuteMs = 60_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Tabs of one profile hear each other, as with BroadcastChannel: everybody but the speaker. */
class FakeChannel extends EventTarget {
  readonly others: FakeChannel[] = []

  postMessage(data: unknown): void {
    for (const other of this.others) other.dispatchEvent(Object.assign(new Event('message'), { data }))
  }
}

function openTab(part: Partial<IdleLockPorts> = {}) {
  const tab = { page: new EventTarget(), locked: 0, busy: false }
  const lock = new IdleLock({
    now: () => Date.now(),
    limitMs: () => 15 * minuteMs,
    isBusy: () => tab.busy,
    lock: () => tab.locked++,
    tabs: undefined,
    ...part,
  })
  return Object.assign(tab, { stop: lock.start(tab.page), lock })
}

test('locks after a quarter of an hour without a touch, and not before', () => {
  const tab = openTab()
  vi.advanceTimersByTime(14 * minuteMs)
  tab.page.dispatchEvent(new Event('keydown'))
  vi.advanceTimersByTime(14.5 * minuteMs)
  expect(tab.locked).toBe(0)
  vi.advanceTimersByTime(minuteMs)
  expect(tab.locked).toBeGreaterThan(0)
  tab.stop()
  const { locked } = tab
  vi.advanceTimersByTime(60 * minuteMs)
  expect(tab.locked).toBe(locked)
})

test('never in a call, and a full time after it', () => {
  const tab = openTab()
  tab.busy = true
  vi.advanceTimersByTime(180 * minuteMs)
  tab.busy = false
  vi.advanceTimersByTime(14 * minuteMs)
  expect(tab.locked).toBe(0)
  vi.advanceTimersByTime(2 * minuteMs)
  expect(tab.locked).toBeGreaterThan(0)
})

test('not at all while nothing protects what is kept', () => {
  const tab = openTab({ limitMs: () => undefined })
  vi.advanceTimersByTime(600 * minuteMs)
  expect(tab.locked).toBe(0)
})

test('a computer that slept is locked by the first touch, before any timer', () => {
  const tab = openTab()
  vi.setSystemTime(Date.now() + 8 * 60 * minuteMs)
  tab.page.dispatchEvent(new Event('pointermove'))
  expect(tab.locked).toBe(1)
})

test('tabs of one profile stay open together and lock together; one in a call goes on', () => {
  const channels = [new FakeChannel(), new FakeChannel(), new FakeChannel()]
  for (const channel of channels) channel.others.push(...channels.filter((other) => other !== channel))
  const [one, other, calling] = channels.map((tabs) => openTab({ tabs })) as [Tab, Tab, Tab]
  for (let minute = 0; minute < 60; minute++) {
    vi.advanceTimersByTime(minuteMs)
    one.page.dispatchEvent(new Event('pointerdown'))
  }
  expect([one.locked, other.locked]).toEqual([0, 0])
  calling.busy = true
  one.lock.lockNow()
  expect([one.locked, other.locked, calling.locked]).toEqual([1, 1, 0])
  for (const tab of [one, other, calling]) tab.stop()
})

type Tab = ReturnType<typeof openTab>

const care: CareValue = {
  visits: 1,
  hadCall: false,
  backedUpAtMs: undefined,
  remindAtMs: 0,
  lockAfterMinutes: 15,
  passkeys: {},
}

test.each([
  ['the very first visit', {}, false],
  ['after the first call', { hadCall: true }, true],
  ['a later visit', { visits: 2 }, true],
  ['within a week of “later”', { visits: 9, remindAtMs: 101 }, false],
  ['a week after “later”', { visits: 9, remindAtMs: 100 }, true],
  ['once it is done', { visits: 9, hadCall: true, backedUpAtMs: 1 }, false],
] as const)('a backup on %s: %o → %s', (_when, part, due) => {
  expect(isBackupDue({ ...care, ...part }, 100)).toBe(due)
})
