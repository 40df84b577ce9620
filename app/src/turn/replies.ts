import {
  attributeTypes,
  encodeMessage,
  encodeXorAddress,
  errorAttribute,
  notUnderstood,
  unknownAttributes,
  type Integrity,
  type StunAttribute,
  type StunErrorCode,
  type StunMessage,
  type TransportAddress,
} from './stun/index.ts'

/** A success for `request`, signed as it was; with a FINGERPRINT if it had one. */
export function successReply(
  request: StunMessage,
  attributes: readonly StunAttribute[],
  integrity?: Integrity,
): Buffer {
  const { method, transactionId, fingerprinted } = request
  return encodeMessage(
    { class: 'success', method, transactionId, attributes },
    { integrity, fingerprint: fingerprinted },
  )
}

/** An error for `request`. Without `integrity` for whoever has not proved who they are. */
export function errorReply(
  request: StunMessage,
  code: StunErrorCode,
  attributes: readonly StunAttribute[] = [],
  integrity?: Integrity,
): Buffer {
  const { method, transactionId, fingerprinted } = request
  const content = { method, transactionId, attributes: [errorAttribute(code), ...attributes] }
  return encodeMessage({ class: 'error', ...content }, { integrity, fingerprint: fingerprinted })
}

/** 420 for what `request` must have understood and is not; `undefined` when all is. */
export function notUnderstoodReply(request: StunMessage, integrity?: Integrity): Buffer | undefined {
  const types = notUnderstood(request)
  return types.length === 0 ? undefined : errorReply(request, 420, [unknownAttributes(types)], integrity)
}

export function addressAttribute(
  type: number,
  address: TransportAddress,
  { transactionId }: StunMessage,
): StunAttribute {
  return { type, value: encodeXorAddress(address, transactionId) }
}

/** The answer to a Binding request (RFC 8489 section 6.3.1). */
export function bindingReply(request: StunMessage, client: TransportAddress): Buffer {
  const mapped = addressAttribute(attributeTypes.xorMappedAddress, client, request)
  return notUnderstoodReply(request) ?? successReply(request, [mapped])
}
