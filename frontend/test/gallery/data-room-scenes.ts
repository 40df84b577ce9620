import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { FilesView } from '../../src/features/files/index.ts'
import { SessionContext, type Session } from '../../src/session/index.ts'
import {
  busyFiles,
  fakeEntry,
  FakeFault,
  FakeFiles,
  fakeMessage,
  someTransfers,
} from '../../src/session/testing/index.ts'
import type { Scene } from './scene.ts'
import { openMenu, openPanel, people, press, pressWords, room, self } from './staging.ts'

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

interface Shown {
  readonly files?: () => FakeFiles
  /** As wide as the panel beside a call. */
  readonly isPanel?: boolean
  play?(files: FakeFiles): Promise<void>
}

function Ground({ files, session, isPanel }: { files: FakeFiles; session: Session; isPanel: boolean }) {
  const style = { height: '100dvh', display: 'flex', ...(isPanel ? { width: '21rem' } : {}) }
  return createElement(
    SessionContext,
    { value: session },
    createElement('main', { style }, createElement(FilesView, { files, now: Date.now })),
  )
}

/** Files over fake ones, in place of the home page. */
function files({ files: make = () => busyFiles(Date.now()), isPanel = false, play }: Shown): Scene {
  return {
    fragment: '#/',
    async play(session) {
      const made = make()
      const ground = document.createElement('div')
      document.getElementById('root')?.replaceWith(ground)
      createRoot(ground).render(createElement(Ground, { files: made, session, isPanel }))
      await later(500)
      await play?.(made)
      await later(300)
    },
  }
}

const grid = (): HTMLElement | null => document.querySelector('[role="grid"]')

async function keys(...names: readonly (readonly [string, KeyboardEventInit?])[]): Promise<void> {
  grid()?.focus()
  for (const [key, more] of names) {
    const target = document.activeElement ?? document.body
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
    await later(50)
  }
}

async function menuOf(name: string): Promise<void> {
  const button = document.querySelector(`[aria-label="What to do with ${name}"]`)
  button?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, ctrlKey: false }))
  await later(200)
}

async function choose(name: string, action: string): Promise<void> {
  await menuOf(name)
  const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  items.find((item) => item.textContent.includes(action))?.click()
  await later(300)
}

const painted = (part: Parameters<FakeFiles['paint']>[0]): (() => FakeFiles) => {
  return () => {
    const made = busyFiles(Date.now())
    made.paint(part)
    return made
  }
}

interface InRoom extends Shown {
  readonly isReader?: boolean
  readonly fault?: string
}

/** Files in the panel of a call. */
function inRoom({ files: make = withTransfers, isReader = false, fault, play }: InRoom): Scene {
  return room(
    () => ({ self: { ...self(false), fileRight: isReader ? 'reader' : 'editor' }, participants: people(3) }),
    {
      files: () => (fault === undefined ? Promise.resolve(make()) : Promise.reject(new FakeFault(fault))),
      async play() {
        await openPanel('Files')
        await later(500)
        await play?.(make())
        await later(300)
      },
    },
  )
}

function withTransfers(): FakeFiles {
  const made = busyFiles(Date.now())
  made.transfers.set(someTransfers())
  return made
}

function withContents(): FakeFiles {
  const made = busyFiles(Date.now())
  made.fill('notes.md', new TextEncoder().encode('# Notes\n\nEverything that was said, in order.\n'.repeat(30)))
  made.fill('drawing.svg', new TextEncoder().encode('<svg onload="alert(1)"><script>alert(2)</script></svg>'))
  return made
}

/** A chat that speaks of files: one that is there, one that was deleted, one that nobody has shown. */
const inChat = (isReader: boolean): Scene =>
  room(
    () => ({
      self: { ...self(false), fileRight: isReader ? 'reader' : 'editor' },
      participants: people(2),
      messages: [
        fakeMessage('Here they are:', {
          files: ['harbour.jpg', 'old plan.txt', 'never seen.zip'].map((name) => ({
            ...{ id: name, name, sizeBytes: 1_234_567, mediaType: 'image/jpeg' },
          })),
        }),
      ],
    }),
    {
      files: () => Promise.resolve(busyFiles(Date.now())),
      async play() {
        await openPanel('Chat')
        await later(600)
        const field = document.querySelector('[aria-label="Message"]')
        const data = new DataTransfer()
        data.items.add(new File(['a picture'], 'image.png', { type: 'image/png' }))
        field?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
        await later(500)
      },
    },
  )

/** A picture with a comment of its camera, a film of a phone. */
const telling = (): readonly File[] => [
  new File(
    [new Uint8Array([0xff, 0xd8, 0xff, 0xfe, 0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0xda, 0, 2, 1, 2, 3, 4, 0xff, 0xd9])],
    'IMG_2044.jpg',
    { type: 'image/jpeg' },
  ),
  new File(['a film'], 'VID_0017.mov', { type: 'video/quicktime' }),
]

function drop(on: Element | null, files: readonly File[]): void {
  const dataTransfer = new DataTransfer()
  for (const file of files) dataTransfer.items.add(file)
  const type = on instanceof HTMLTextAreaElement ? 'paste' : 'change'
  if (on instanceof HTMLInputElement) on.files = dataTransfer.files
  on?.dispatchEvent(
    type === 'paste'
      ? new ClipboardEvent(type, { clipboardData: dataTransfer, bubbles: true, cancelable: true })
      : new Event(type, { bubbles: true }),
  )
}

/** Files on their way in the chat of a room that hides addresses, and the question of whoever leaves it meanwhile. */
const onWay = (isLeaving: boolean): Scene => {
  const made = new FakeFiles()
  made.hidesDetails = true
  return room(
    () => ({
      self: self(false),
      participants: people(2),
      policy: { privacy: 'hidden', constantRate: false, keepChat: false },
    }),
    {
      files: () => Promise.resolve(made),
      async play() {
        await openPanel('Chat')
        await later(300)
        const field = document.querySelector('[aria-label="Message"]')
        drop(field, telling())
        await later(800)
        if (!isLeaving) return
        press('Send')
        await later(800)
        for (const id of made.attached.keys())
          made.progress(id, { kind: 'running', bytesPerSecond: 90_000, secondsLeft: 4 }, 3)
        press('Leave')
        await later(300)
      },
    },
  )
}

/** A film that no browser plays, larger than what is fetched unasked. */
async function unplayable(): Promise<void> {
  await choose('large.mp4', 'Preview')
  await later(2_500)
}

function largeFilm(): FakeFiles {
  const made = new FakeFiles([fakeEntry('large.mp4', { id: 'film', sizeBytes: 312_000_000, mediaType: 'video/mp4' })])
  made.fill('film', new TextEncoder().encode('this is no film'))
  return made
}

/** The question before what was deleted is gone for good. */
async function inDeleted(): Promise<void> {
  await openMenu('More')
  await later(200)
  const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  items.find((item) => item.textContent.includes('Recently deleted'))?.click()
  await later(300)
  await choose('old plan.txt', 'Delete for good')
}

export const dataRoomScenes: Readonly<Record<string, Scene>> = {
  'data-room-chat': inChat(false),
  'data-room-chat-reader': inChat(true),
  'data-room-chat-hides': onWay(false),
  'data-room-chat-leaving': onWay(true),
  'data-room-details': files({
    files: () => {
      const made = busyFiles(Date.now())
      made.hidesDetails = true
      return made
    },
    async play() {
      drop(document.querySelector('input[type=file]'), telling())
      await later(500)
    },
  }),
  'data-room-film-whole': files({ files: largeFilm, play: unplayable }),
  'data-room-copies': files({
    async play() {
      await openMenu('More')
      await later(200)
      const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
      items.find((item) => item.textContent.includes('Keep a copy'))?.click()
      await later(300)
      await pressWords('Show the command')
    },
  }),
  'data-room-removed': files({ play: () => choose('notes.md', 'Delete') }),
  'data-room-busy': files({}),
  'data-room-panel': files({ isPanel: true, files: withTransfers }),
  'data-room-empty': files({ files: () => new FakeFiles() }),
  'data-room-reader': files({ files: painted({ mayWrite: false }) }),
  'data-room-opening': files({
    files: () => {
      const made = new FakeFiles()
      made.paint({ node: { kind: 'opening' } })
      return made
    },
  }),
  'data-room-node-gone': files({ files: painted({ node: { kind: 'unreachable', code: 'node-unreachable' } }) }),
  'data-room-problems': files({
    files: painted({
      node: { kind: 'ready', usedBytes: 930_000_000, quotaBytes: 1_000_000_000 },
      pendingDrives: 2,
      problems: [
        { by: 'peer-Ben' as never, kind: 'rolled-back' },
        { by: 'peer-Grace' as never, kind: 'damaged' },
      ],
    }),
  }),
  'data-room-transfers': files({ files: withTransfers }),
  'data-room-selected': files({
    play: () =>
      keys(['ArrowDown'], ['ArrowDown'], ['ArrowDown', { shiftKey: true }], ['ArrowDown', { shiftKey: true }]),
  }),
  'data-room-renaming': files({ play: () => keys(['ArrowDown'], ['ArrowDown'], ['ArrowDown'], ['ArrowDown'], ['F2']) }),
  'data-room-menu': files({ play: () => menuOf('notes.md') }),
  'data-room-versions': files({ play: () => choose('Agreement 2024.pdf', 'Versions') }),
  'data-room-purge': files({ play: inDeleted }),
  'data-room-move': files({ play: () => choose('notes.md', 'Move') }),
  'data-room-preview-text': files({ files: withContents, play: () => choose('notes.md', 'Preview') }),
  'data-room-preview-svg': files({ files: withContents, play: () => choose('drawing.svg', 'Preview') }),
  'data-room-preview-none': files({
    play: () =>
      choose('a very long name that goes on and on until nobody reads it any more, final version (3).docx', 'Preview'),
  }),
  'room-files': inRoom({}),
  'room-files-large': inRoom({ play: () => openPanel('Show files large') }),
  'room-files-reader': inRoom({ isReader: true, files: painted({ mayWrite: false }) }),
  'room-files-none': inRoom({
    files: painted({ node: { kind: 'unreachable', code: 'no-data-room' }, mayWrite: false }),
  }),
  'room-files-failed': inRoom({ fault: 'unexpected' }),
  'room-people-readers': room(() => ({ self: self(true), participants: people(4) }), {
    play: () => openPanel('Participants'),
  }),
  'room-people-reader-made': room(() => ({ self: self(true), participants: people(4), entry: 'open' }), {
    async play() {
      await openPanel('Participants')
      await openMenu('Manage Katherine Johnson')
    },
  }),
  'data-room-many': files({
    files: () =>
      new FakeFiles(
        Array.from({ length: 100_000 }, (_, index) =>
          fakeEntry(`Picture ${index}.jpg`, { id: `many-${index}`, sizeBytes: 1_000 * index }),
        ),
      ),
  }),
}
