import type { ConversationId, FileView, MessageView, ParcelState } from '@p2pigeon/core/chat'
import { fakeChatMessage, FakeChats, fakeCorrespondent, fakeOwnKey } from '../../src/session/testing/index.ts'
import { button, conversations, later } from './conversation-scenes.ts'
import type { Scene } from './scene.ts'

const minuteMs = 60_000
const grace = fakeCorrespondent(1, 'Grace Hopper')
const id = 'grace' as ConversationId

/** A picture of hills at dusk. */
async function painted(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) return new Uint8Array()
  const sky = context.createLinearGradient(0, 0, 0, height)
  sky.addColorStop(0, '#27406b')
  sky.addColorStop(1, '#f2a65a')
  context.fillStyle = sky
  context.fillRect(0, 0, width, height)
  for (const [at, colour] of ['#4f5d75', '#2d3142', '#1b1e2b'].entries()) {
    context.fillStyle = colour
    context.beginPath()
    context.moveTo(0, height)
    for (let x = 0; x <= width; x += 8) {
      context.lineTo(x, height * (0.55 + at * 0.14) + Math.sin((x / width) * (5 + at * 3) + at * 2) * height * 0.06)
    }
    context.lineTo(width, height)
    context.fill()
  }
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
}

function said(name: string, type: string, bytes: number | undefined, sides: Partial<FileView> = {}): FileView {
  return { name, type, bytes, width: undefined, height: undefined, ...sides }
}

function message(key: string, file: FileView, minutes: number, part: Partial<MessageView> = {}): MessageView {
  return fakeChatMessage(file.name, {
    id: key,
    from: grace.key,
    file,
    sentAtMs: Date.now() - minutes * minuteMs,
    ...part,
  })
}

const pdf = 'application/pdf'
const wide = { width: 1_200, height: 800 }

/** A conversation with files of every kind. */
function withFiles(): FakeChats {
  const messages = [
    fakeChatMessage('The minutes, and what it looked like.', {
      id: 't',
      from: grace.key,
      sentAtMs: Date.now() - 22 * minuteMs,
    }),
    message('pdf', said('Minutes of the review of the flight software, second draft.pdf', pdf, 482_133), 21),
    message('near', said('dusk over the hills.png', 'image/png', 310_000, wide), 20),
    message('far', said('IMG_2044.jpeg', 'image/jpeg', 2_840_112, { width: 3_000, height: 4_000 }), 19),
    message('old', said('', 'application/octet-stream', undefined), 18),
    message('own', said('figures.zip', 'application/zip', 12_340_000), 9, {
      ...{ from: fakeOwnKey, own: true, replyTo: 'far', delivery: { kind: 'sent' } },
    }),
  ]
  const chats = new FakeChats([grace], [{ id, others: [grace], messages }])
  chats.files.near.add('near')
  chats.files.contents.set('near', painted(1_200, 800))
  chats.files.contents.set('far', painted(900, 1_200))
  return chats
}

function short(...messages: readonly MessageView[]): FakeChats {
  return new FakeChats([grace], [{ id, others: [grace], messages }])
}

function putParcel(chats: FakeChats, name: string, type: string, bytes: number, state: ParcelState): void {
  chats.files.put(id, { ...said(name, type, bytes), id: name, state })
}

function choose(...files: readonly File[]): void {
  const input = document.querySelector<HTMLInputElement>('input[type=file]')
  if (!input) return
  const transfer = new DataTransfer()
  for (const file of files) transfer.items.add(file)
  input.files = transfer.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

const sized = (name: string, type: string, bytes: number): File => new File([new Uint8Array(bytes)], name, { type })

export const fileScenes: Readonly<Record<string, Scene>> = {
  'files-shown': conversations({ chats: withFiles, chosen: 'grace' }),
  'files-picture-asked': conversations({
    chats: withFiles,
    chosen: 'grace',
    async play() {
      button('Show picture IMG_2044.jpeg')?.click()
      await later(300)
    },
  }),
  'files-list': conversations({ chats: withFiles }),
  'files-loading': conversations({
    chats: () =>
      short(message('pdf', said('Minutes.pdf', pdf, 482_133), 4), message('p', said('a.png', 'image/png', 1, wide), 3)),
    chosen: 'grace',
    async play(chats) {
      chats.files.coming.add('pdf').add('p')
      button('Save Minutes.pdf')?.click()
      button('Show picture a.png')?.click()
      await later(100)
    },
  }),
  'files-busy': conversations({
    chats: withFiles,
    chosen: 'grace',
    async play(chats) {
      putParcel(chats, 'Interviews with the whole team, recorded in June.mp4', 'video/mp4', 24_700_000, {
        kind: 'sending',
        part: 0.42,
      })
      putParcel(chats, 'notes.txt', 'text/plain', 4_120, { kind: 'waiting' })
      choose(sized('plan.pdf', pdf, 90_000), sized('too large.zip', 'application/zip', 1_200_000))
      await later(100)
    },
  }),
  'files-telling': conversations({
    chats: withFiles,
    chosen: 'grace',
    async play() {
      const told = [0xff, 0xd8, 0xff, 0xfe, 0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0xda, 0, 2, 1, 2, 3, 4, 0xff, 0xd9]
      choose(new File([new Uint8Array(told)], 'IMG_2044.jpeg', { type: 'image/jpeg' }), sized('plan.pdf', pdf, 90_000))
      await later(400)
    },
  }),
  'files-failing': conversations({
    chats: () =>
      short(
        message('pdf', said('Minutes.pdf', pdf, 482_133), 4),
        message('p', said('not a picture.png', 'image/png', 81_000, wide), 3),
      ),
    chosen: 'grace',
    async play(chats) {
      chats.files.contents.set('p', new TextEncoder().encode('<svg onload="alert(1)"/>'))
      chats.files.fault = 'file-damaged'
      button('Save Minutes.pdf')?.click()
      button('Show picture not a picture.png')?.click()
      putParcel(chats, 'figures.zip', 'application/zip', 12_340_000, { kind: 'failed', code: 'store-full' })
      putParcel(chats, 'notes.txt', 'text/plain', 4_120, { kind: 'waiting' })
      await later(100)
    },
  }),
  'files-off': conversations({
    chats: () => {
      const chats = short(message('pdf', said('Minutes.pdf', pdf, 482_133), 4))
      chats.files.maxBytes = undefined
      return chats
    },
    chosen: 'grace',
    async play() {
      button('Attach files')?.click()
      await later(100)
    },
  }),
  'files-drop': conversations({
    chats: withFiles,
    chosen: 'grace',
    async play() {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'x'))
      document
        .querySelector('textarea')
        ?.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer }))
      await later(200)
    },
  }),
}
