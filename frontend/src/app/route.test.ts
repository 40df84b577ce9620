import { expect, test } from 'vitest'
import { Navigator, type AddressBar } from './navigator.ts'
import { fragmentOf, readRoute } from './route.ts'

test.each([
  ['', { kind: 'home' }],
  ['#/', { kind: 'home' }],
  ['#/nowhere', { kind: 'home' }],
  ['#/settings', { kind: 'settings' }],
  ['#/settings/more', { kind: 'home' }],
  ['#/contacts', { kind: 'contacts' }],
  ['#/c/abc-_1', { kind: 'card', code: 'abc-_1' }],
  ['#/contact', { kind: 'home' }],
  ['#/chat', { kind: 'chats', id: undefined }],
  [`#/chat/${'a1'.repeat(32)}`, { kind: 'chats', id: 'a1'.repeat(32) }],
  [`#/chat/old-${'a1'.repeat(32)}`, { kind: 'chats', id: `old-${'a1'.repeat(32)}` }],
  [`#/chat/new-${'a1'.repeat(32)}`, { kind: 'home' }],
  ['#/room/', { kind: 'home' }],
  ['#/room/a b', { kind: 'home' }],
  ['#/room/q3Rk_9-S', { kind: 'room', roomId: 'q3Rk_9-S' }],
  ['#/r/abc.def', { kind: 'link', code: 'abc.def' }],
  ['#/r/', { kind: 'link', code: '' }],
])('%s', (fragment, route) => {
  expect(readRoute(fragment)).toEqual(route)
})

test('what is written is read back', () => {
  expect(readRoute(fragmentOf({ kind: 'room', roomId: 'abc' }))).toEqual({ kind: 'room', roomId: 'abc' })
  expect(readRoute(fragmentOf({ kind: 'home' }))).toEqual({ kind: 'home' })
  expect(readRoute(fragmentOf({ kind: 'settings' }))).toEqual({ kind: 'settings' })
  expect(readRoute(fragmentOf({ kind: 'contacts' }))).toEqual({ kind: 'contacts' })
})

function fakeBar(fragment: string) {
  const entries = [fragment]
  let moved = (): void => undefined
  const bar: AddressBar = {
    fragment: () => entries.at(-1) ?? '',
    replace: (next) => void entries.splice(-1, 1, next),
    push: (next) => void entries.push(next),
    onMove: (listener) => {
      moved = listener
      return () => undefined
    },
  }
  // Two events each time, as browsers send them: `popstate` and `hashchange`.
  const back = (): void => {
    entries.pop()
    moved()
    moved()
  }
  const type = (next: string): void => {
    entries.push(next)
    moved()
    moved()
  }
  return { bar, entries, back, type }
}

const settled = (navigator: Navigator): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (navigator.place.get().kind === 'opening') return
      stop()
      resolve()
    }
    const stop = navigator.place.subscribe(look)
    look()
  })

test('the secret is out of address and history before the link is even read', async () => {
  const { bar, entries } = fakeBar('#/r/secret')
  let seen: readonly string[] = []
  const navigator = new Navigator(bar, () => {
    seen = [...entries]
    return Promise.resolve({ kind: 'opened', roomId: 'abc' })
  })
  await settled(navigator)
  expect(seen).toEqual(['#/'])
  expect(entries).toEqual(['#/room/abc'])
  expect(navigator.place.get()).toEqual({ kind: 'room', roomId: 'abc' })
})

test('a refused link leaves the home page with its fault', async () => {
  const { bar, entries } = fakeBar('#/r/cut')
  const navigator = new Navigator(bar, () => Promise.resolve({ kind: 'refused', code: 'link-truncated' }))
  await settled(navigator)
  expect(entries).toEqual(['#/'])
  expect(navigator.place.get()).toEqual({ kind: 'home', linkFault: 'link-truncated' })
})

test('a link pasted into the address bar of an open page is taken out as well', async () => {
  const { bar, entries, type } = fakeBar('#/')
  const navigator = new Navigator(bar, () => Promise.resolve({ kind: 'opened', roomId: 'abc' }))
  navigator.start()
  type('#/r/secret')
  await settled(navigator)
  expect(entries).toEqual(['#/', '#/room/abc'])
})

test('back leads home', () => {
  const { bar, back } = fakeBar('#/')
  const navigator = new Navigator(bar, () => Promise.reject(new TypeError('no link here')))
  navigator.start()
  navigator.goToRoom('abc')
  expect(navigator.place.get()).toEqual({ kind: 'room', roomId: 'abc' })
  back()
  expect(navigator.place.get()).toEqual({ kind: 'home', linkFault: undefined })
})

test('a contact link is out of address and history before it is read, and leads to the contacts', () => {
  const { bar, entries, type } = fakeBar('#/')
  const navigator = new Navigator(bar, () => Promise.reject(new TypeError('no link here')))
  navigator.start()
  type('#/c/code')
  expect(entries).toEqual(['#/', '#/contacts'])
  expect(navigator.place.get()).toEqual({ kind: 'contacts', card: 'code' })
})

test('whoever is to be asked first stays where they are, and goes once nobody asks any more', () => {
  const { bar, entries, back } = fakeBar('#/')
  const navigator = new Navigator(bar, () => Promise.reject(new TypeError('no link here')))
  navigator.start()
  navigator.goToRoom('abc')
  let asked = 0
  const letGo = navigator.keepHere(() => {
    asked += 1
  })
  back()
  back()
  expect([asked, entries]).toEqual([2, ['#/', '#/room/abc']])
  expect(navigator.place.get()).toEqual({ kind: 'room', roomId: 'abc' })
  letGo()
  navigator.goHome()
  expect(navigator.place.get()).toEqual({ kind: 'home', linkFault: undefined })
})

test('a link pasted while somebody is to be asked first is in no entry of the history', () => {
  const { bar, entries, type } = fakeBar('#/')
  const navigator = new Navigator(bar, () => Promise.reject(new TypeError('no link here')))
  navigator.start()
  navigator.goToRoom('abc')
  navigator.keepHere(() => undefined)
  type('#/r/secret')
  type('#/c/code')
  expect(entries.join()).not.toMatch(/secret|code/)
  expect(navigator.place.get()).toEqual({ kind: 'room', roomId: 'abc' })
})
