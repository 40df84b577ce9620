import { useLayoutEffect, useRef, useState } from 'react'
import type { PeerId, RoomView } from '@p2pigeon/core'
import type { LocalMediaSnapshot } from '../../../session/index.ts'
import { Button, PigeonMark, Spinner } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { layOut } from './layout.ts'
import { placed, ScreenTile, Tile } from './Tile.tsx'

export interface StageProps {
  readonly view: RoomView
  readonly local: LocalMediaSnapshot
  readonly speaking: ReadonlySet<PeerId>
  readonly copyLink: () => void
}

const gapPx = 10

/** Everyone in the room and every shared screen. */
export function Stage({ view, local, speaking, copyLink }: StageProps) {
  const ground = useRef<HTMLDivElement>(null)
  const size = useSize(ground)
  const { self, participants } = view
  const screens = participants.filter((person) => person.screenStream && person.media.screen === 'on')
  const alone = participants.length === 0
  // Alone, the second place holds the invitation.
  const layout = layOut(size, participants.length + (alone ? 2 : 1), screens.length, gapPx)
  const selfBox = layout.tiles.at(alone ? 0 : -1)
  const inviteBox = alone ? layout.tiles[1] : undefined
  return (
    <div ref={ground} className="relative size-full min-h-0 min-w-0" role="region" aria-label={text.room.tiles}>
      {screens.map((person, index) => {
        const box = layout.screens[index]
        return (
          box &&
          person.screenStream && (
            <ScreenTile key={person.peerId} box={box} name={person.name} stream={person.screenStream} />
          )
        )
      })}
      {participants.map((person, index) => {
        const box = layout.tiles[index]
        return (
          box && (
            <Tile
              key={person.peerId}
              box={box}
              peerId={person.peerId}
              name={person.name}
              self={false}
              host={person.isHost}
              connection={person.connection.kind}
              microphoneOn={person.media.microphone === 'on' && !person.mutedForAll}
              cameraOn={person.media.camera === 'on'}
              mutedHere={person.mutedHere}
              handRaised={person.handRaised}
              speaking={
                speaking.has(person.peerId) &&
                person.media.microphone === 'on' &&
                !person.mutedForAll &&
                person.connection.kind === 'connected'
              }
              stream={person.stream}
            />
          )
        )
      })}
      {selfBox && (
        <Tile
          key={self.peerId}
          box={selfBox}
          peerId={self.peerId}
          name={self.name}
          self
          host={self.isHost}
          connection="connected"
          microphoneOn={local.media.microphone === 'on' && !view.self.mutedForAll}
          cameraOn={local.media.camera === 'on'}
          mutedHere={false}
          handRaised={self.handRaised}
          speaking={speaking.has(self.peerId) && local.media.microphone === 'on'}
          stream={local.stream}
        />
      )}
      {inviteBox && (
        <div
          style={placed(inviteBox)}
          className="appear absolute top-0 left-0 flex flex-col items-center justify-center overflow-hidden rounded-card bg-surface p-5 text-center"
        >
          <div className="mb-3 text-accent">
            {view.state.kind === 'joining' ? <Spinner size={32} /> : <PigeonMark className="size-10" />}
          </div>
          <h2 className="text-lg font-semibold">
            {view.state.kind === 'joining' ? text.room.looking : text.room.first}
          </h2>
          <p className="mt-1.5 mb-5 max-w-80 text-[0.875rem] text-soft">{text.room.firstBody}</p>
          <Button tone="primary" onClick={copyLink}>
            {text.room.copyLink}
          </Button>
        </div>
      )}
    </div>
  )
}

function useSize(element: React.RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const watched = element.current
    if (!watched) return
    const read = (): void => {
      const { width, height } = watched.getBoundingClientRect()
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }))
    }
    read()
    const observer = new ResizeObserver(read)
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  return size
}
