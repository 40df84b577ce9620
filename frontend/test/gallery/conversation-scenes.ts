import { createElement, useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { ConversationId, LegacyId } from '@p2pigeon/core/chat'
import { ConversationsView } from '../../src/features/conversations/index.ts'
import { busyChats, FakeChats, fakeCorrespondent } from '../../src/session/testing/index.ts'
import type { Scene } from './scene.ts'

export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const soon = (run: () => void): Promise<void> => later(0).then(run)

interface Shown {
  readonly chats?: () => FakeChats
  readonly chosen?: string
  play?(chats: FakeChats): Promise<void>
}

function Page({ chats, first }: { readonly chats: FakeChats; readonly first: string | undefined }) {
  const [chosen, choose] = useState(first as ConversationId | LegacyId | undefined)
  return createElement(ConversationsView, {
    ...{ chats, chosen, choose, corner: undefined, now: Date.now },
    goHome: () => undefined,
    goToContacts: () => undefined,
  })
}

/** The page of conversations over fake ones, in place of the home page. */
export function conversations({ chats = busyChats, chosen, play }: Shown): Scene {
  return {
    fragment: '#/',
    async play() {
      const made = chats()
      const ground = document.createElement('div')
      document.getElementById('root')?.replaceWith(ground)
      createRoot(ground).render(createElement(Page, { chats: made, first: chosen }))
      await later(600)
      await play?.(made)
      await later(300)
    },
  }
}

export function button(label: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>('button, label')].find(
    (one) => one.getAttribute('aria-label') === label || one.textContent.trim() === label,
  )
}

/** Radix menus open on the pointer, not on the click. */
function openMenu(start: string): void {
  document
    .querySelector(`button[aria-label^="${start}"]`)
    ?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, ctrlKey: false }))
}

function type(element: HTMLInputElement | HTMLTextAreaElement | null, value: string): void {
  if (!element) return
  const kind = element instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(element, value)
  element.dispatchEvent(new Event('input', { bubbles: true }))
}

const field = () => document.querySelector('textarea')
const enter = () => new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })

const oldClient = `old-${'b1'.repeat(32)}` as LegacyId

/** The busy page, with somebody who has an old client. */
function withOldClient(): FakeChats {
  const chats = busyChats()
  const nowMs = Date.now()
  void chats.legacy.start('b1'.repeat(32))
  const said = [
    [false, 'Hi, this client is from 2021. Does anything of mine reach you?', 'received'],
    [true, 'It does. Nothing secret here, please.', 'sent'],
    [false, 'My page is https://example.org/old', 'received'],
    [true, 'This one finds no relay.', 'refused'],
  ] as const
  setTimeout(() => {
    for (const [at, [own, content, standing]] of said.entries()) {
      chats.legacy.put(oldClient, { id: `o${at}`, own, content, standing, sentAtMs: nowMs - (9 - at) * 60_000 })
    }
  })
  return chats
}

async function openSettings(): Promise<void> {
  button('Settings of conversations')?.click()
  await later(200)
}

async function addRelay(address: string): Promise<void> {
  type(document.querySelector('dialog input[type=url], [role=dialog] input[type=url]'), address)
  await later(50)
  button('Add')?.click()
  await later(100)
}

export const conversationScenes: Readonly<Record<string, Scene>> = {
  'chats-empty': conversations({
    chats: () => new FakeChats([fakeCorrespondent(1, 'Grace Hopper')]),
  }),
  'chats-empty-alone': conversations({ chats: () => new FakeChats() }),
  'chats-list': conversations({}),
  'chats-busy': conversations({ chosen: 'grace' }),
  'chats-group': conversations({ chosen: 'group' }),
  'chats-unreachable': conversations({ chosen: 'linus' }),
  'chats-request': conversations({ chosen: 'stranger' }),
  'chats-failing': conversations({
    chosen: 'grace',
    async play(chats) {
      chats.fault = 'unexpected'
      type(field(), 'This one cannot be kept.')
      await later(50)
      field()?.dispatchEvent(enter())
    },
  }),
  'chats-reply': conversations({
    chosen: 'group',
    async play() {
      openMenu('What to do with the message of Katherine')
      await later(200)
      ;[...document.querySelectorAll<HTMLElement>('[role=menuitem]')]
        .find((one) => one.textContent === 'Reply')
        ?.click()
    },
  }),
  'chats-menu': conversations({
    chosen: 'group',
    play: () =>
      soon(() => {
        openMenu('What to do with your message')
      }),
  }),
  'chats-more': conversations({
    chosen: 'group',
    play: () =>
      soon(() => {
        openMenu('More about the conversation')
      }),
  }),
  'chats-too-long': conversations({
    chosen: 'grace',
    play: () =>
      soon(() => {
        type(field(), 'A very long story. '.repeat(900))
      }),
  }),
  'chats-search': conversations({
    async play() {
      type(document.querySelector('input[type=search]'), 'relays')
      await later(600)
    },
  }),
  'chats-new': conversations({
    async play() {
      button('New conversation')?.click()
      await later(200)
      const boxes = document.querySelectorAll<HTMLElement>('dialog input[type=checkbox]')
      boxes[0]?.click()
      boxes[2]?.click()
    },
  }),
  'chats-old-client': conversations({ chats: withOldClient, chosen: oldClient }),
  'chats-old-client-listed': conversations({ chats: withOldClient }),
  'chats-old-client-risks': conversations({
    chats: withOldClient,
    chosen: oldClient,
    async play() {
      button('What others see')?.click()
      await later(200)
    },
  }),
  'chats-old-client-start': conversations({
    async play() {
      button('New conversation')?.click()
      await later(200)
      button('Write to an old client…')?.click()
      await later(200)
    },
  }),
  'chats-settings': conversations({
    play: () =>
      soon(() => {
        button('Settings of conversations')?.click()
      }),
  }),
  'chats-relays-empty': conversations({
    chats: () => new FakeChats(),
    play: () => openSettings(),
  }),
  'chats-relays-removed': conversations({
    async play() {
      await openSettings()
      button('Remove relay.two.example')?.click()
    },
  }),
  'chats-relays-refused': conversations({
    async play() {
      await openSettings()
      await addRelay('https://relay.example')
    },
  }),
  'chats-relays-failing': conversations({
    async play(chats) {
      await openSettings()
      chats.fault = 'unexpected'
      await addRelay('wss://relay.three.example')
    },
  }),
  'chats-relays-full': conversations({
    async play(chats) {
      for (let count = 3; count <= 8; count++)
        await chats.addRelay(`wss://relay.${count}.example/with/a/long/path/${count}`)
      await openSettings()
    },
  }),
  'chats-scrolled': conversations({
    chosen: 'grace',
    async play(chats) {
      document.querySelector('[role=log]')?.scrollTo({ top: 4_000 })
      await later(300)
      const view = chats.view('grace' as ConversationId).get()
      const last = view?.messages.at(-2)
      if (last) chats.receive('grace' as ConversationId, { ...last, id: 'new', content: 'News!', own: false })
    },
  }),
}
