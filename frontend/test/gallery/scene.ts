import type { Room } from '@p2pigeon/core'
import type { Identities, Session } from '../../src/session/index.ts'
import type { FakeFiles, FakeManager } from '../../src/session/testing/index.ts'
import type { VaultControls } from '../../src/session/vault/controls/index.ts'

/** What a scene may change before and after the page starts. */
export interface Scene {
  readonly fragment: string
  readonly node?: 'public' | 'local' | 'offline'
  readonly rooms?: number
  /**
   * Runs on a page before the shown one, over storage that both share; with it the shown one finds what a visit left behind. Without,
   * the browser keeps nothing.
   */
  visit?(session: Session, controls: VaultControls): Promise<void>
  /** The files of the room that is entered; without it there are none. */
  files?(): Promise<FakeFiles>
  prepare?(manager: FakeManager): void
  /** Who people in the room are; without it the page has no long-term identities. */
  identities?(room: Room): Identities
  play?(session: Session, manager: FakeManager): void | Promise<void>
}
