/** A room used on this device. */
export interface RecentRoom {
  readonly roomId: string
  /** Secret: the right to enter. Never leaves this device from here, and is kept sealed. */
  readonly code: string
  /** As the user of this device calls it; empty means the name everyone sees. */
  readonly name: string
  readonly lastUsedAtMs: number
  /** Its policy, as the link says it, keeps the chat; left out otherwise. */
  readonly keepsChat?: boolean
}
