/**
 * Purpose. Everything a journey is told with: nodes, people in browsers, people in terminals, an observer of the relay.
 * Promises. Whatever a test starts ends with it; a fault in any page fails the test unless the journey expects it.
 * Does not. Reach into the product: pages are used by their accessible names, terminals by their `--json` lines.
 * May import. The test runner, ws, hyperdht, nostr-tools, mediabunny; nothing of the product.
 */
export { acquainted } from './acquaintance.ts'
export { findOnDisk, formsOf } from './disk-scan.ts'
export { FilesPanel } from './files-panel.ts'
export { makeFilm } from './film.ts'
export { expect, test } from './fixtures.ts'
export { openLibraryPage } from './library-page.ts'
export { Mallory } from './mallory.ts'
export { NodeProcess } from './node-process.ts'
export { OldClient } from './old-client.ts'
export { OpenRelay } from './open-relay.ts'
export { Person } from './person.ts'
export { ReplicaProcess } from './replica-process.ts'
export { RelayRecorder, type Service } from './relay-recorder.ts'
export { resolverRule, ReverseProxy } from './reverse-proxy.ts'
export { codeOf, damagedLink, encodings, futureLink, secretOf, truncatedLink, wrongSecretLink } from './room-links.ts'
export { dumpOf } from './storage-dump.ts'
export { type TerminalPeer } from './terminal-peer.ts'
