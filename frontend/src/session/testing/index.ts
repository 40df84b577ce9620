/**
 * Purpose. A core that behaves without a network, for tests and for the gallery.
 * Promises. The same surface as the real manager; never part of the product's build.
 * Does not. Connect or open devices.
 * May import. session, the pure parts of core: the doctor's and those for people; types of core.
 */
export { FakeFault } from './fake-fault.ts'
export { fakeCode, fakeCore, FakeManager } from './fake-manager.ts'
export { FakeIdentities } from './fake-identities.ts'
export { FakeKeeper } from './fake-keeper.ts'
export { FakeLocks } from './fake-locks.ts'
export { FakePasskeys, fakeVaultPage } from './fake-vault-page.ts'
export { FakeDoctor } from './fake-doctor.ts'
export { FakeIncomingCall, FakeRinger } from './fake-ringer.ts'
export { fakeMessage, fakeParticipant, FakeRoom, standardPolicy } from './fake-room.ts'
export { becomes, fakeCard, fakeRecord, openPeople, peopleNowMs } from './fake-people.ts'
export {
  busyChats,
  fakeChatMessage,
  FakeChats,
  fakeCorrespondent,
  fakeKey,
  fakeOwnKey,
  type FakeConversation,
} from './fake-chats.ts'
export { busyFiles, FakeFiles, fakeEntry, someTransfers } from './fake-files.ts'
