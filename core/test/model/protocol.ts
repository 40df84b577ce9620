import { hash, pub, secret, sig, tuple, word, type Term } from './term.ts'

/**
 * The rules of the channel and of moving to a new room secret, one by one, so that a mutant can lack one. `asBuilt` has
 * them all (docs/protocol/channel.md and docs/protocol/room.md).
 */
export interface Rules {
  /** The `psk` token of message 3. */
  readonly psk: boolean
  /** What the Ed25519 identity signs over in messages 2 and 3. */
  readonly binding: 'static key' | 'room only' | 'none'
  /** What it signs over as the first transport message. */
  readonly proof: 'this handshake' | 'any handshake' | 'none'
  /** The `ee` token of message 2. */
  readonly ee: boolean
  /** How static keys are mixed in: `es` and `se` as in XX, or one `ss` in their place. */
  readonly statics: 'es, se' | 'ss'
  readonly offerInPrologue: boolean
  readonly refusesItself: boolean
  /** Where session descriptions, with the fingerprint of the DTLS certificate, travel. */
  readonly descriptions: 'in the channel' | 'beside the channel'
  /** What the first message of the data channel is an HMAC over. */
  readonly confirmation: 'fingerprints' | 'nothing'
  /** What the next room secret is made of. */
  readonly nextSecret: 'old and fresh' | 'old'
  /** How the fresh secret reaches the others. */
  readonly tells: 'each in a channel' | 'all under the old key'
  /** Whom a member tells what it was told, of those it is connected with. */
  readonly retells: 'those listed' | 'whoever was not removed'
  /** Who may come in by the old secret after a removal. */
  readonly formerDoor: 'members only' | 'anybody'
  /** Whose entries of the log count. */
  readonly authors: 'host' | 'anybody'
  readonly checksCommitment: boolean
  /** Which pre-shared key the door of the new epoch asks for. */
  readonly nextDoor: 'new key' | 'old key'
}

export const asBuilt: Rules = {
  psk: true,
  binding: 'static key',
  proof: 'this handshake',
  ee: true,
  statics: 'es, se',
  offerInPrologue: true,
  refusesItself: true,
  descriptions: 'in the channel',
  confirmation: 'fingerprints',
  nextSecret: 'old and fresh',
  tells: 'each in a channel',
  retells: 'those listed',
  formerDoor: 'members only',
  authors: 'host',
  checksCommitment: true,
  nextDoor: 'new key',
}

/** Somebody with an Ed25519 identity and an X25519 static key in the room. */
export interface Agent {
  readonly name: string
  readonly identity: Term
  readonly static: Term
}

export function agent(name: string): Agent {
  return { name, identity: secret(`identity of ${name}`), static: secret(`static of ${name}`) }
}

/** Both follow the protocol. `ada` is the host. */
export const ada = agent('ada')
export const ben = agent('ben')
/** The attacker's: a member of the room, where there is one among them, and an identity that it made up. */
export const eve = agent('eve')
export const mallory = agent('mallory')
export const agents = [ada, ben, eve, mallory]

export const room = word('room')
export const firstSecret = secret('first room secret')
export const pskOf = (roomSecret: Term): Term => hash('psk', roomSecret)

/** What an agent can speak: the better suite first. Version and suite are one word here. */
export const strong = word('strong suite')
export const weak = word('weak suite')
export const wholeOffer = tuple(strong, weak)
export const offers = [wholeOffer, tuple(weak)]

export function bindingOf(rules: Rules, { identity, static: key }: Agent, presented: Term = pub(key)): Term {
  switch (rules.binding) {
    case 'static key':
      return sig(identity, tuple(word('binding'), presented, room))
    case 'room only':
      return sig(identity, tuple(word('binding'), room))
    case 'none':
      return word('no binding')
  }
}

/** The first transport message of whoever plays `role`. Without a signature it still shows that its sender has the keys. */
export function proofOf(rules: Rules, { identity }: Agent, handshakeHash: Term, role: Role): Term {
  if (rules.proof === 'none') return word('no proof')
  const over = rules.proof === 'this handshake' ? handshakeHash : room
  return sig(identity, tuple(word('channel'), over, word(role)))
}

export type Role = 'initiator' | 'responder'
export const opposite = (role: Role): Role => (role === 'initiator' ? 'responder' : 'initiator')
