import { expect, test } from 'vitest'
import { shortcutOf, type KeyPress } from './shortcuts.ts'

const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  defaultPrevented: false,
  typing: false,
  overlay: false,
  ...part,
})

test.each([
  ['m', 'microphone'],
  ['V', 'camera'],
  ['c', 'chat'],
  ['p', 'people'],
  ['f', 'files'],
  ['Escape', 'close'],
  ['x', undefined],
])('%s means %s', (key, meaning) => {
  expect(shortcutOf(press(key), true)).toBe(meaning)
})

test('letters typed into a field are text, Esc still closes', () => {
  expect(shortcutOf(press('m', { typing: true }), true)).toBeUndefined()
  expect(shortcutOf(press('Escape', { typing: true }), true)).toBe('close')
})

test('a copy command, a held key, a menu and a dialog keep their keys', () => {
  for (const part of [
    { ctrlKey: true },
    { metaKey: true },
    { altKey: true },
    { repeat: true },
    { overlay: true },
    { defaultPrevented: true },
  ]) {
    expect(shortcutOf(press('c', part), true)).toBeUndefined()
  }
  expect(shortcutOf(press('Escape', { overlay: true }), true)).toBeUndefined()
})

test('switched off, letters do nothing and Esc closes', () => {
  expect(shortcutOf(press('m'), false)).toBeUndefined()
  expect(shortcutOf(press('Escape'), false)).toBe('close')
})
