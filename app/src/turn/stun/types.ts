export type StunClass = 'request' | 'indication' | 'success' | 'error'

export interface StunAttribute {
  readonly type: number
  readonly value: Uint8Array
}

/** What a message says, without how it is protected. */
export interface StunContent {
  readonly class: StunClass
  /** 12 bits. */
  readonly method: number
  /** 12 bytes. */
  readonly transactionId: Uint8Array
  readonly attributes: readonly StunAttribute[]
}

/** A message as it came: `attributes` ends before the first integrity attribute, as nothing behind one is protected. */
export interface StunMessage extends StunContent {
  readonly bytes: Uint8Array
  /** Where MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 begin in `bytes`. */
  readonly integrityAt: number | undefined
  readonly integritySha256At: number | undefined
  /** It had a FINGERPRINT, and a right one. */
  readonly fingerprinted: boolean
}
