/**
 * Purpose. One remote participant: a secure channel that negotiates one RTCPeerConnection with data channels and tracks.
 * Promises. Descriptions and candidates travel only inside the secure channel or the data channel that it bound; a
 *           description with another DTLS certificate than the bound one ends the session; no media is touched.
 * Does not. Know rooms, names, other peers or carriers.
 * May import. errors, bytes, lifetime, codec, runtime, crypto, ice, sdp, channel.
 */
export { lobbyNotice, PeerSession, type PeerEvents, type PeerPorts } from './peer-session.ts'
export type { FileChannel, FileListener } from './file-channel.ts'
export type { PathFacts } from './path-facts.ts'
export { IceSupply, type IceAnswer } from './ice-supply.ts'
export type { PeerState } from './peer-state.ts'
export type { LocalTracks, RemoteTracks } from './tracks.ts'
export type { TrackSource } from './signal.ts'
