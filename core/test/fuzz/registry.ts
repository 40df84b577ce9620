import type { Target } from './target.ts'
import * as channel from './targets/channel.ts'
import * as chat from './targets/chat.ts'
import * as contacts from './targets/contacts.ts'
import * as files from './targets/files.ts'
import * as direct from './targets/direct.ts'
import * as nostr from './targets/nostr.ts'
import * as people from './targets/people.ts'
import * as pictures from './targets/pictures.ts'
import * as relay from './targets/relay.ts'
import * as room from './targets/room.ts'
import * as text from './targets/text.ts'

/**
 * Everything in core/src that reads foreign bytes or text, as `file#function`, with the targets that try it. A new decoder is one
 * line here; until then `registry.test.ts` fails. A string says which other one it is a part of.
 */
export const registry: Readonly<Record<string, readonly Target[] | string>> = {
  'channel/envelope.ts#Envelope.open': [channel.envelope],
  'channel/handshake-payload.ts#decodePayload': [channel.handshakePayload],
  'channel/negotiation.ts#decodeCapabilities': [channel.capabilities],
  'channel/transport/transport-message.ts#decodeTransport': [channel.transport, channel.transportContent],
  'chat/files/file-note.ts#readFileNote': [chat.deed],
  'chat/legacy/letter.ts#readLetter': [nostr.legacyLetter],
  'chat/line-frames.ts#readLineFrame': [chat.lineFrame],
  'chat/rumors.ts#readDeed': [chat.deed],
  'codec/padding.ts#unpad': [channel.padding],
  'comparison/wire.ts#decodeMessage': [room.comparison],
  'contacts/book-codec.ts#decodeBook': [contacts.keptBook],
  'contacts/book-codec.ts#decodeForeignBook': [contacts.foreignBook],
  'contacts/contact-card.ts#readCard': [contacts.contactCard],
  'contacts/export.ts#readExport': [contacts.exportedBook],
  'contacts/requests.ts#decodeRequests': [contacts.requests],
  'contacts/roster-codec.ts#readRoster': [contacts.rosterFile],
  'control-log/codec.ts#decodeEntry': [room.logEntry],
  'control-log/signing.ts#readEntry': 'decodeEntry, then a signature',
  'files/direct/wire.ts#decodeAnswer': [direct.directAnswer],
  'files/direct/wire.ts#decodeQuestion': [direct.directQuestion],
  'files/journal/batch.ts#openBatch': [files.batch, files.signedContent, files.sealedBody],
  'files/journal/batch.ts#readBatchHeader': [files.batchHeaders],
  'files/journal/drive-record.ts#decodeDriveRecord': [files.driveRecordForm],
  'files/journal/drive-record.ts#readDriveRecord': [files.driveRecord],
  'files/journal/journal-reader.ts#JournalReader.take': [files.journals],
  'files/journal/op-codec.ts#decodeOps': [files.ops],
  'files/keys/replica.ts#readReplicaCode': [files.replicaCodes],
  'files/memory.ts#decodeRememberedFiles': [files.remembered],
  'ice/candidate.ts#parseIceCandidate': [text.candidate],
  'ice/incoming.ts#judgeRemoteCandidate': [text.candidatePolicy],
  'ice/ip-address.ts#parseIpAddress': [text.ipAddress],
  'ice/outgoing.ts#sanitizeIceCandidate': [text.candidatePolicy],
  'identity/presentation.ts#readPresentation': [people.presentation],
  'identity/record-codec.ts#readUnverified': [people.recordForm],
  'identity/signed-record.ts#readRecord': [people.record],
  'link/link-code.ts#parseRoomLink': [text.linkText, text.linkBody],
  'nostr/event.ts#readEvent': [nostr.nostrEvent],
  'nostr/event.ts#readRumor': 'readEvent',
  'nostr/nip44.ts#decrypt44': [nostr.nostrPayload],
  'nostr/npub.ts#readPublicKey': [nostr.publicKey],
  'nostr/relays/messages.ts#readRelayMessage': [nostr.relayMessage],
  'peer/cell-pipe.ts#CellPipe.receive': [room.cell, room.cells],
  'peer/signal.ts#decodeSignal': [room.signal],
  'pictures/details.ts#readDetails': [pictures.details],
  'pictures/jpeg.ts#readJpeg': 'readDetails',
  'pictures/png.ts#readPng': 'readDetails',
  'pictures/webp.ts#readWebp': 'readDetails',
  'ring/ring-frame.ts#decodeRingFrame': [people.ringFrame],
  'room/chat/kept-chat.ts#decodeKeptChat': [room.keptChat],
  'room/chat/message-files.ts#readMessageFiles': 'decodeChatFrame and decodeKeptChat',
  'room/chat/wire.ts#decodeChatFrame': [room.chat],
  'room/control.ts#decodeControl': [room.control],
  'room/hello.ts#decodeHello': [room.hello],
  'room/memory.ts#decodeMemory': [room.memory],
  'sdp/judge.ts#judgeRemoteSDP': [text.incomingDescription],
  'sdp/judge.ts#fingerprintOf': [text.fingerprint],
  'sdp/read-description.ts#readDescription': 'sanitizeSDP and judgeRemoteSDP',
  'sdp/read-media.ts#readMedia': 'readDescription',
  'sdp/read-transport.ts#readTransport': 'readDescription',
  'sdp/sanitizer.ts#sanitizeSDP': [text.outgoingDescription],
  'signalling/carriers/dht-native/bootstrap.ts#parseBootstrap': [text.bootstrap],
  'signalling/carriers/member/wire.ts#decodeMemberFrame': [relay.memberFrame],
  'signalling/carriers/nostr/cells.ts#decodeCell': [chat.cell],
  'signalling/carriers/relay/wire/codec.ts#decodeFrame': [relay.relayFrame],
  'signalling/carriers/framing/frame-reader.ts#FrameReader.next': [channel.frames],
  'vault/backup.ts#openBackup': [people.backup],
  'vault/header-codec.ts#decodeHeader': [people.vaultHeader],
  'vault/parameters-codec.ts#readParameters': 'decodeHeader and openBackup',
  'vault/recovery-words.ts#seedOf': [people.recoveryWords],
}

/** Every target once. */
export const targets: readonly Target[] = [
  ...new Set(Object.values(registry).flatMap((one) => (typeof one === 'string' ? [] : one))),
]
