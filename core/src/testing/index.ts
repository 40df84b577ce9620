/**
 * Purpose. Fakes and contract suites for tests, here and in packages that implement our contracts.
 * Promises. Fakes behave like the real thing within their contract; suites are run by every implementation.
 * Does not. Appear in production graphs.
 * May import. everything.
 */
export { FakeClock } from './fake-clock.ts'
export { RoomFixture } from './channel-fixture.ts'
export { FakeStream, fakeStreamPair } from './fake-stream.ts'
export { runCarrierSuite, type CarrierWorld } from './carrier-suite.ts'
export { runAdapterSuite, type AdapterWorld } from './adapter-suite.ts'
export { startTestRelay, type RelayFaults, type TestRelay } from './test-relay.ts'
export { startDhtTestnet, type DhtTestnet } from './dht-testnet.ts'
export { MemoryStore, MemoryWorld } from './memory-store.ts'
export { silentFiles } from './silent-files.ts'
