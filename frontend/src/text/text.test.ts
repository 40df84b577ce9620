import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesText, clockTime, deviceFaultText, faultText, knowsFault, roomName, text, timeAgo } from './index.ts'
import { roomText, symbols } from './room/index.ts'

const core = join(import.meta.dirname, '../../../core/src')

/** Codes that core throws at callers, read from its own source: a new one without words fails here. */
function thrownCodes(prefix: string): readonly string[] {
  const codes = new Set<string>()
  for (const entry of readdirSync(core, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts')) continue
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const match of source.matchAll(new RegExp(`Error\\(\\s*'(${prefix}-[a-z-]+)'`, 'g'))) codes.add(match[1] ?? '')
  }
  return [...codes]
}

test('every fault of a link has words of its own', () => {
  const codes = thrownCodes('link')
  expect(codes).toEqual(expect.arrayContaining(['link-missing', 'link-truncated', 'link-damaged', 'link-version']))
  for (const code of codes) expect([code, knowsFault(code)]).toEqual([code, true])
})

test('an unknown code gets calm words and is not shown itself', () => {
  for (const code of ['no-such-code', 'constructor', '__proto__']) {
    const { title, body } = faultText(code)
    expect(title).toBeTruthy()
    expect(`${title}${body}`).not.toContain(code)
  }
})

test('every device fault names its device', () => {
  for (const device of ['microphone', 'camera', 'screen'] as const) {
    for (const code of ['media-denied', 'media-missing', 'media-busy', 'media-unsupported', 'unexpected']) {
      expect(deviceFaultText(device, code).title).toContain(device)
    }
  }
})

test('no text is empty', () => {
  const check = (value: unknown, path: string): void => {
    if (typeof value === 'string') expect([path, value.trim().length > 0]).toEqual([path, true])
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) check(inner, `${path}.${key}`)
    }
  }
  check(text, 'text')
  check(roomText, 'roomText')
})

test('there are 64 symbols to compare, each with a picture and a word of its own', () => {
  for (const place of [0, 1] as const) expect(new Set(symbols.map((symbol) => symbol[place])).size).toBe(64)
})

test('names that outside scripts rely on are as promised', () => {
  expect([
    text.dashboard.newRoom,
    text.dashboard.joinRoom,
    text.preJoin.joinNow,
    text.controls.mute,
    text.controls.unmute,
    text.controls.cameraOff,
    text.controls.cameraOn,
    text.controls.share,
    text.controls.stopShare,
    text.controls.chat,
    text.controls.participants,
    text.controls.invite,
    text.controls.leave,
    text.dashboard.linkLabel,
    text.preJoin.nameLabel,
    text.chat.field,
  ]).toEqual([
    'New room',
    'Join room',
    'Join now',
    'Mute microphone',
    'Unmute microphone',
    'Turn camera off',
    'Turn camera on',
    'Share screen',
    'Stop sharing',
    'Chat',
    'Participants',
    'Copy invite link',
    'Leave',
    'Room link',
    'Your name',
    'Message',
  ])
})

test('times are said as people say them', () => {
  const now = Date.UTC(2026, 5, 10, 12)
  expect(timeAgo(now + 5_000, now)).toBe('just now')
  expect(timeAgo(now - 5 * 60_000, now)).toBe('5 minutes ago')
  expect(timeAgo(now - 26 * 3_600_000, now)).toBe('yesterday')
  expect(timeAgo(now - 40 * 86_400_000, now)).toContain('2026')
  expect(clockTime(now)).toMatch(/\d/)
})

test('a room has one name for everyone', () => {
  expect(roomName('q3Rk9vS2mXw')).toBe(roomName('q3Rk9vS2mXw'))
  const names = new Set(Array.from({ length: 400 }, (_, index) => roomName(`room-${index}`)))
  expect(names.size).toBeGreaterThan(250)
})

test('sizes are written as disks count, and never as a thousand of a smaller unit', () => {
  const sizes = [0, 1, 999, 1_000, 9_960, 12_340, 999_400, 999_600, 12_340_000, 1_200_000_000, 5e15]
  expect(sizes.map(bytesText)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '10 kB',
    '12 kB',
    '999 kB',
    '1.0 MB',
    '12 MB',
    '1.2 GB',
    '5,000 TB',
  ])
})
