import type { CorePorts } from '../../manager.ts'
import type { Preferences } from '../../preferences.ts'
import type { RecentRooms } from '../../recent-rooms.ts'
import type { BrowserKeeper } from '../browser-keeper.ts'
import type { Care } from '../care.ts'
import type { VaultPage } from '../page-ports.ts'
import { Backup } from './backup.ts'
import { OwnDevices } from './own-devices.ts'
import { Protection } from './protection.ts'

/** The part of a session that the vault's pages work on. */
export interface ControlledSession {
  readonly keeper: BrowserKeeper
  readonly care: Care
  readonly rooms: RecentRooms
  readonly preferences: Preferences
  readonly core: CorePorts
  readonly vaultPage: VaultPage
}

/** Everything that settings, lock page and first page do with the vault. */
export class VaultControls {
  readonly protection: Protection
  readonly backup: Backup
  readonly devices: OwnDevices

  constructor({ keeper, care, rooms, preferences, core, vaultPage }: ControlledSession) {
    const { hash, passkeys, deviceName } = vaultPage
    this.protection = new Protection({ keeper, care, core, hash, passkeys })
    this.backup = new Backup({ keeper, rooms, care, core, hash })
    this.devices = new OwnDevices({ keeper, preferences, core, deviceName })
  }
}
