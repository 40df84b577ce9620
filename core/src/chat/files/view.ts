/** A file as a message shows it. Nothing of it is here yet; see `FileDesk.open`. */
export interface FileView {
  /** Safe to show and to save under; may be empty. */
  readonly name: string
  /** What its sender says that it is, never to be believed. */
  readonly type: string
  readonly bytes: number | undefined
  readonly width: number | undefined
  readonly height: number | undefined
}

/**
 * How a file of ours that is not sent yet stands.
 *
 * waiting → sending → (sent: a message) | waiting (no store answers: by itself again later) | failed (refused: by the user's word).
 */
export type ParcelState =
  | { readonly kind: 'waiting' }
  /** How much of it is there, 0 to 1. */
  | { readonly kind: 'sending'; readonly part: number }
  | { readonly kind: 'failed'; readonly code: string }

/** A file of ours that is on its way to the store. */
export interface ParcelView extends FileView {
  readonly id: string
  readonly state: ParcelState
}
