import { equal, toHex } from '../bytes/index.ts'
import { commitmentTo, type ControlLog, type EntryHash, type Rekey } from '../control-log/index.ts'
import { nextRoomSecret, type RoomLink } from '../link/index.ts'
import type { RoomSecrets } from './control.ts'

type Secret = Uint8Array<ArrayBuffer>

/** The room secret as the log has it now. */
export interface Era {
  /** How often the secret was replaced. */
  readonly epoch: number
  readonly secret: Secret
}

/**
 * The room secret through its replacements. Each one mixes a fresh secret into the one before, in the order of the log; whoever was removed by one of
 * them lacks its fresh secret, and so everything after.
 *
 * A device that came by the first link knows the origin. One that came by a later link knows the secret of that link's epoch and is told origin and
 * fresh secrets by members; it believes them because they give its own link's secret and match the commitments in the log.
 */
export class SecretChain {
  readonly #link: RoomLink
  readonly #fresh = new Map<EntryHash, Secret>()
  #origin: Secret | undefined

  constructor(link: RoomLink) {
    this.#link = link
    if (link.history === undefined) this.#origin = link.secret
  }

  /** What members who are in may be told. */
  known(): RoomSecrets {
    return { origin: this.#origin, fresh: this.#fresh }
  }

  /** Keeps the secrets that fit the log; true if any was new. */
  async learn({ origin, fresh }: RoomSecrets, log: ControlLog): Promise<boolean> {
    let learned = false
    for (const { entry, commitment } of log.state.rekeys) {
      const secret = fresh.get(entry)
      if (secret === undefined || this.#fresh.has(entry)) continue
      if ((await commitmentTo('room-secret', this.#link.roomId, secret)) !== commitment) continue
      this.#fresh.set(entry, secret)
      learned = true
    }
    if (origin !== undefined && this.#origin === undefined && (await this.#leadsToLink(origin, log))) {
      this.#origin = origin
      learned = true
    }
    return learned
  }

  /** The present secret; undefined while something for it is missing. */
  async era(log: ControlLog): Promise<Era | undefined> {
    const { rekeys } = log.state
    const epoch = rekeys.length
    if (this.#origin !== undefined) return eraOf(epoch, await this.#mix(this.#origin, rekeys))
    const before = this.#beforeLink(log)
    if (before.length !== this.#link.history?.epoch) return undefined
    // Without the origin only what follows the link's own secret can be mixed in.
    const after = rekeys.slice(before.length)
    if (!before.every((rekey, index) => rekey === rekeys[index])) return undefined
    return eraOf(epoch, await this.#mix(this.#link.secret, after))
  }

  async #leadsToLink(origin: Secret, log: ControlLog): Promise<boolean> {
    const before = this.#beforeLink(log)
    if (before.length !== this.#link.history?.epoch) return false
    const secret = await this.#mix(origin, before)
    return secret !== undefined && equal(secret, this.#link.secret)
  }

  /** The replacements that the link's secret has in it. */
  #beforeLink(log: ControlLog): readonly Rekey[] {
    const anchor = anchorOf(this.#link)
    return anchor === undefined ? [] : log.state.rekeys.filter(({ entry }) => log.isPast(entry, anchor))
  }

  async #mix(start: Secret, rekeys: readonly Rekey[]): Promise<Secret | undefined> {
    let secret = start
    for (const { entry } of rekeys) {
      const fresh = this.#fresh.get(entry)
      if (fresh === undefined) return undefined
      secret = await nextRoomSecret(this.#link.roomId, secret, fresh)
    }
    return secret
  }
}

/** The entry that a link says the log must hold. */
export function anchorOf({ history }: RoomLink): EntryHash | undefined {
  return history === undefined ? undefined : (toHex(history.anchor) as EntryHash)
}

function eraOf(epoch: number, secret: Secret | undefined): Era | undefined {
  return secret === undefined ? undefined : { epoch, secret }
}
