import { PigeonError } from '@p2pigeon/core'

const statuses = {
  'bad-request': 400,
  'body-truncated': 400,
  'session-missing': 401,
  'session-expired': 401,
  'proof-wrong': 401,
  'clock-skew': 401,
  'nonce-used': 401,
  'origin-refused': 403,
  'not-yours': 403,
  'no-data-room': 404,
  'not-found': 404,
  'unknown-drive': 404,
  'method-unknown': 405,
  'body-slow': 408,
  'journal-next': 409,
  'segment-differs': 409,
  'length-missing': 411,
  'body-size': 413,
  'range-wrong': 416,
  'too-many-requests': 429,
  'too-many-sessions': 429,
  failed: 500,
  damaged: 502,
  busy: 503,
  unavailable: 504,
  'disk-full': 507,
  'quota-key': 507,
  'quota-all': 507,
  'too-many-drives': 507,
} as const

export type RefusalCode = keyof typeof statuses

/** What the API does not do, by a stable code (docs/protocol/files.md) and its HTTP status. Holds nothing that a client sent. */
export class Refusal extends PigeonError {
  declare readonly code: RefusalCode
  readonly status: number
  /** Of `journal-next`: the number that the next batch has. */
  readonly next: number | undefined

  constructor(code: RefusalCode, options: { readonly next?: number; readonly cause?: unknown } = {}) {
    super(code, 'the data room does not do that', options.cause === undefined ? {} : { cause: options.cause })
    this.status = statuses[code]
    this.next = options.next
  }
}
