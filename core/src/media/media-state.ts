/** A source of media as its owner declares it: `none` has no device, `off` is muted or stopped. */
export type SourceState = 'none' | 'off' | 'on'

export interface MediaState {
  readonly microphone: SourceState
  readonly camera: SourceState
  readonly screen: 'off' | 'on'
}

/** Local media as the user sees it. */
export interface LocalMediaView {
  readonly media: MediaState
  /** Microphone and camera; the same object from `startLocalStream` to `stopLocalStream`, its tracks change. */
  readonly stream: MediaStream | undefined
  readonly screenStream: MediaStream | undefined
}
