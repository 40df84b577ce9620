/** A file as the user gives it. */
export interface PlainFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
  /** Of a picture, in pixels. */
  readonly width?: number
  readonly height?: number
}

/** How a transfer is followed and ended. */
export interface Passage {
  readonly signal?: AbortSignal
  /** How much of it has passed, 0 to 1. */
  readonly progress?: (part: number) => void
}

export interface HttpText {
  readonly status: number
}

export interface HttpBody {
  readonly status: number
  /** Empty unless the status is 200. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * HTTP without cookies, referrer or cache; redirects are failures: they would lead where nobody has allowed.
 * Both reject with `TransportError` `http-failed` when nobody answers, or the signal has ended it.
 */
export interface Http {
  put(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
    passage: Passage,
  ): Promise<HttpText>
  /** @throws {LimitError} `file-too-large` as soon as it is known that there are more than `maxBytes`. */
  get(url: string, maxBytes: number, passage: Passage): Promise<HttpBody>
}

/** Our own store of sealed files. */
export interface FileStore {
  readonly http: Http
  /** Without a slash at the end; undefined while there is no store: files of others can still be fetched from theirs. */
  readonly url: string | undefined
  /** Largest sealed file that it takes. */
  readonly maxBytes: number
}
