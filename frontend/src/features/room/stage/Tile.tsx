import { memo } from 'react'
import { Crown, Hand, Maximize, MicOff, VolumeX } from 'lucide-react'
import type { ConnectionState } from '@p2pigeon/core'
import { Avatar, cx, IconButton, Spinner, Video } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { Box } from './layout.ts'

export interface TileProps {
  readonly box: Box
  readonly peerId: string
  readonly name: string
  readonly self: boolean
  readonly host: boolean
  readonly connection: ConnectionState['kind']
  readonly microphoneOn: boolean
  readonly cameraOn: boolean
  readonly mutedHere: boolean
  readonly handRaised: boolean
  readonly speaking: boolean
  readonly stream: MediaStream | undefined
}

/** Narrower tiles show initials and names smaller. */
const smallTilePx = 240

/** One person. It moves when the grid changes and is never rebuilt, so that the picture does not blink. */
export const Tile = memo(function Tile(props: TileProps) {
  const { box, name, self, connection, speaking, stream } = props
  const small = box.width < smallTilePx
  const away = connection !== 'connected'
  return (
    <div
      role="group"
      aria-label={name}
      data-connection={connection}
      data-speaking={speaking || undefined}
      style={placed(box)}
      className="absolute top-0 left-0 overflow-hidden rounded-card bg-tile transition-[translate,width,height] duration-250 ease-calm"
    >
      <div
        className={cx(
          'absolute inset-0 flex items-center justify-center transition-[filter,opacity] duration-300',
          away && 'opacity-45 grayscale',
        )}
      >
        <Avatar name={name} seed={props.peerId} className={avatarSize(box)} />
        {props.cameraOn && stream && (
          <div className="absolute inset-0">
            <Video stream={stream} mirrored={self} />
          </div>
        )}
      </div>
      {away && (
        <div className="absolute inset-0 flex items-center justify-center">
          <p className="flex items-center gap-2 rounded-full bg-veil px-3.5 py-1.5 text-[0.8125rem] text-white">
            <Spinner size={14} />
            {connection === 'connecting' ? text.room.connecting : text.room.reconnecting}
          </p>
        </div>
      )}
      <p
        className={cx(
          'absolute bottom-2 left-2 flex max-w-[calc(100%-1rem)] items-center gap-1.5 rounded-md bg-veil text-white',
          small ? 'px-1.5 py-0.5 text-[0.75rem]' : 'px-2.5 py-1 text-[0.8125rem]',
        )}
      >
        {props.handRaised && <Hand size={14} role="img" aria-label={roomText.handUp} className="shrink-0" />}
        {props.mutedHere && <VolumeX size={14} role="img" aria-label={text.people.mutedForMe} className="shrink-0" />}
        {!props.microphoneOn && <MicOff size={14} role="img" aria-label={text.room.muted} className="shrink-0" />}
        <bdi className="truncate font-medium">{name}</bdi>
        {self && <span className="shrink-0 opacity-85">{text.common.you}</span>}
        {props.host && <Crown size={13} role="img" aria-label={text.common.host} className="shrink-0" />}
      </p>
      <span
        aria-hidden
        className={cx(
          'pointer-events-none absolute inset-0 rounded-card inset-ring-3 transition-[box-shadow] duration-150',
          speaking ? 'inset-ring-speaking' : 'inset-ring-transparent',
        )}
      />
    </div>
  )
})

export interface ScreenTileProps {
  readonly box: Box
  readonly name: string
  readonly stream: MediaStream
}

/** A shared screen: everything of it is shown, on a ground that does not compete. */
export const ScreenTile = memo(function ScreenTile({ box, name, stream }: ScreenTileProps) {
  const title = text.room.screenOf(name)
  return (
    <figure
      aria-label={title}
      style={placed(box)}
      className="group absolute top-0 left-0 m-0 overflow-hidden rounded-card bg-black transition-[translate,width,height] duration-250 ease-calm"
    >
      <Video stream={stream} fit="contain" />
      <figcaption className="absolute bottom-2 left-2 max-w-[calc(100%-1rem)] truncate rounded-md bg-veil px-2.5 py-1 text-[0.8125rem] text-white">
        {title}
      </figcaption>
      {document.fullscreenEnabled && (
        <IconButton
          label={`${text.room.fullScreen}: ${title}`}
          size="small"
          className="absolute! top-2 right-2 bg-veil text-white! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-black"
          onClick={(event) =>
            void event.currentTarget
              .closest('figure')
              ?.requestFullscreen()
              .catch(() => undefined)
          }
        >
          <Maximize size={17} aria-hidden />
        </IconButton>
      )}
    </figure>
  )
})

export function placed(box: Box) {
  return { translate: `${round(box.x)}px ${round(box.y)}px`, width: round(box.width), height: round(box.height) }
}

function round(value: number): number {
  return Math.round(value * 2) / 2
}

function avatarSize(box: Box): string {
  const least = Math.min(box.width, box.height)
  // Room for the name below it.
  if (least < 110) return 'mb-4 size-9 text-[0.8125rem]'
  if (least < 190) return 'size-16 text-xl'
  if (least < 340) return 'size-20 text-2xl'
  return 'size-28 text-4xl'
}
