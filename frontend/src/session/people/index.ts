/**
 * Purpose. Whom the user knows and who may call: contacts, requests, direct calls, and who is who in a room.
 * Promises. Loaded behind everything that somebody waits for; sealed in the vault; all tabs hold the same. Contacts whose keys changed
 * neither ring nor are rung until the user has accepted them.
 * Does not. Show anything, open devices or enter rooms.
 * May import. session’s vault, call and faults, state, types of core.
 */
export type { CallSettings } from './call-settings.ts'
export type { ImportedContact, OpenedContacts, OpenedRoster } from './contact-files.ts'
export { isOutgoingOver } from './outgoing-view.ts'
export type { IncomingView, MissedCall } from './direct-calls.ts'
export type { OutgoingView } from './outgoing-view.ts'
export type { FoundCard } from './contacts.ts'
export type { People } from './people.ts'
export { SealedValue, type SealedPorts } from './sealed-value.ts'
export { PeopleLoader } from './people-loader.ts'
