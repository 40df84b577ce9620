/** What a relay says (NIP-01, NIP-42), ready to be sent. Texts of clients never go into a reason. */
export const relayMessage = {
  /** `body` is the event as JSON, made once however many subscribers it has. */
  event: (subscription: string, body: string): string => `["EVENT",${JSON.stringify(subscription)},${body}]`,
  ok: (id: string, accepted: boolean, reason = ''): string => JSON.stringify(['OK', id, accepted, reason]),
  eose: (subscription: string): string => JSON.stringify(['EOSE', subscription]),
  closed: (subscription: string, reason: string): string => JSON.stringify(['CLOSED', subscription, reason]),
  notice: (words: string): string => JSON.stringify(['NOTICE', words]),
  auth: (challenge: string): string => JSON.stringify(['AUTH', challenge]),
} as const
