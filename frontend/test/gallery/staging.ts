import type { ParticipantView, PeerId, RoomView } from '@p2pigeon/core'
import { fakeCode, fakeParticipant, FakeRoom } from '../../src/session/testing/index.ts'
import { paintedCamera } from './painted-media.ts'
import type { Scene } from './scene.ts'

export const roomId = 'q3Rk9vS2mXw'
export const names = [
  'Grace Hopper',
  'Katherine Johnson',
  'Linus',
  'Margaret Hamilton',
  'Barbara Liskov',
  'Radia Perlman',
  'Edsger W. Dijkstra',
]

export function people(count: number): readonly ParticipantView[] {
  return names.slice(0, count).map((name, index) =>
    fakeParticipant(name, {
      isHost: index === 0,
      role: index === 0 ? 'host' : 'member',
      fileRight: index === 0 ? 'owner' : index === 2 ? 'reader' : 'editor',
      stream: paintedCamera(index * 47 + 12, index),
      media: {
        microphone: index % 3 === 1 ? 'off' : 'on',
        camera: index === 2 || index === 5 ? 'off' : 'on',
        screen: 'off',
      },
    }),
  )
}

/** A room scene that is already joined. */
export function room(view: () => Partial<RoomView>, extra: Partial<Scene> = {}): Scene {
  return {
    fragment: `#/r/${fakeCode(roomId)}`,
    ...(extra.files ? { files: extra.files } : {}),
    ...(extra.identities ? { identities: extra.identities } : {}),
    prepare(manager) {
      manager.makeRoom = ({ roomId: id, code }) => {
        const made = new FakeRoom(id, code, { self: self(false), ...view() })
        const first = made.view().participants[0]
        if (first) made.levels = new Map([[first.peerId, 0.2]])
        return made
      }
      extra.prepare?.(manager)
    },
    async play(session, manager) {
      await session.media.open({ microphone: 'on', camera: 'on' })
      await session.join(roomId)
      await extra.play?.(session, manager)
    },
  }
}

export function self(isHost: boolean): RoomView['self'] {
  return {
    peerId: 'self' as PeerId,
    name: 'Ada Lovelace',
    isHost,
    role: isHost ? 'host' : 'member',
    fileRight: isHost ? 'owner' : 'editor',
    media: { microphone: 'on', camera: 'on', screen: 'off' },
    mutedForAll: false,
    handRaised: false,
    presentation: undefined,
  }
}

export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
export const press = (name: string): void => document.querySelector<HTMLElement>(`[aria-label="${name}"]`)?.click()

export async function pressStart(words: string): Promise<void> {
  const find = () => [...document.querySelectorAll('button')].find((one) => one.textContent.startsWith(words))
  for (let tries = 0; tries < 50 && !find(); tries++) await later(50)
  find()?.click()
}

/** Menus open on pressing, not on clicking. */
export async function openMenu(name: string): Promise<void> {
  await later(400)
  const trigger = document.querySelector<HTMLElement>(`[aria-label="${name}"]`)
  trigger?.focus()
  trigger?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
}

export async function openPanel(name: string): Promise<void> {
  for (let tries = 0; tries < 50 && !document.querySelector(`[aria-label="${name}"]`); tries++) await later(50)
  press(name)
}

export async function pressWords(words: string): Promise<void> {
  const find = () => [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === words)
  for (let tries = 0; tries < 50 && !find(); tries++) await later(50)
  find()?.click()
}
