import type { Undo } from '../lifetime/index.ts'
import type { TrackSource } from './signal.ts'

/** The tracks that this device sends to everyone, as far as each source is on. */
export interface LocalTracks {
  track(source: TrackSource): MediaStreamTrack | undefined
  /** Calls after any source got, lost or swapped its track. */
  onChange(changed: () => void): Undo
}

/** A device that sends no media. */
export const noTracks: LocalTracks = {
  track: () => undefined,
  onChange: () => () => undefined,
}

/** What arrives from the other end, by the source its sender declared. */
export type RemoteTracks = ReadonlyMap<TrackSource, MediaStreamTrack>
