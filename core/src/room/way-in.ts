import { fromHex, toHex } from '../bytes/index.ts'
import { InternalError } from '../errors/index.ts'
import type { Scope } from '../lifetime/index.ts'
import { deriveRoomKeys, encodeRoomLink, linkCodeOf, type RoomKeys, type RoomLink } from '../link/index.ts'
import type { Authority } from './authority.ts'
import type { Doors } from './doors.ts'

export interface WayInPorts {
  /** The link that we came by, and the code it was read from. */
  readonly link: RoomLink
  readonly linkCode: string
  /** Of that link. */
  readonly keys: RoomKeys
  readonly authority: Authority
  readonly doors: Doors
  readonly scope: Scope
  changed(): void
}

/** Keeps the door and the link that invites to it in step with the room secret and the log. */
export class WayIn {
  readonly #ports: WayInPorts
  #linkCode: string
  /** The secret whose door is open, as hex; undefined before the start. */
  #open: string | undefined

  constructor(ports: WayInPorts) {
    this.#ports = ports
    this.#linkCode = linkCodeOf(ports.linkCode)
  }

  /** The code of the link as it is now. */
  get linkCode(): string {
    return this.#linkCode
  }

  /** Opens the door of the present secret, if it is not open. */
  async open(): Promise<void> {
    const { authority, doors, keys, link, scope } = this.#ports
    const { epoch, secret } = authority.era
    const name = toHex(secret)
    if (this.#open === name) return
    this.#open = name
    const present = secret === link.secret ? keys : await deriveRoomKeys({ ...link, secret })
    if (!scope.ended && this.#open === name) await doors.open(epoch, present)
    await this.#renewLink()
  }

  /** Log or secret may have changed. */
  follow(): void {
    // Nothing here depends on the network; should the platform fail once, the next change tries again.
    if (this.#open !== undefined) this.open().catch(() => undefined)
    this.#renewLink().catch(() => undefined)
  }

  async #renewLink(): Promise<void> {
    const { authority, link } = this.#ports
    if (!authority.log.isEmpty && !isSettled(authority)) return
    const code = await linkCodeNow(link, authority)
    if (code === this.#linkCode) return
    this.#linkCode = code
    this.#ports.changed()
  }
}

/**
 * True if a link made now leads in: its secret is the one of the latest entry and everything before it. While the secret of that entry is missing, or
 * two replacements have not been joined by a later entry, the link from before is the better one.
 */
export function isSettled({ log, era, state }: Authority): boolean {
  const latest = log.latest()
  return (
    latest !== undefined &&
    era.epoch === state.rekeys.length &&
    state.rekeys.every(({ entry }) => log.isPast(entry, latest.hash))
  )
}

/** The code of the room's link as it is now: present secret, latest entry. */
export async function linkCodeNow(
  link: RoomLink,
  { log, era }: Authority,
  token?: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const latest = log.latest()
  if (latest === undefined) {
    // An invite is an entry itself, so there is one.
    if (token !== undefined) throw new InternalError('no-history', 'an invite without an entry')
    return encodeRoomLink(link.history === undefined ? link : { ...link, history: { ...link.history, token } })
  }
  const history = { epoch: era.epoch, anchor: fromHex(latest.hash), token }
  return encodeRoomLink({ ...link, secret: era.secret, history })
}
