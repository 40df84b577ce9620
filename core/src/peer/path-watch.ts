import type { ChannelRole } from '../channel/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'
import { packetsIn, SilenceWatch } from './silence-watch.ts'

/** The platform waits for seconds before it says `disconnected`; a restart keeps the old path until a new one stands, so little is lost by haste. */
const disconnectedGraceMs = 400
/** The responder leaves the first restart to the initiator, to keep clear of glare. */
const responderRestartDelayMs = 3_000
/** After this long without a path the session ends and the room dials anew. */
const recoveryLimitMs = 12_000

interface PathHooks {
  lost(): void
  back(): void
  /** Ask for an ICE restart now. */
  restart(): void
  /** No path within the limit. */
  givenUp(): void
}

/** Follows the ICE state of one connection and decides when the path is lost, back, or beyond hope. */
export class PathWatch {
  readonly #role: ChannelRole
  readonly #clock: Clock
  readonly #hooks: PathHooks
  readonly #scope: Scope
  readonly #silence: SilenceWatch
  #timers: Undo[] = []
  #lost = false

  constructor(pc: RTCPeerConnection, role: ChannelRole, clock: Clock, hooks: PathHooks, scope: Scope) {
    this.#role = role
    this.#scope = scope
    this.#clock = clock
    this.#hooks = hooks
    pc.oniceconnectionstatechange = () => {
      this.#follow(pc.iceConnectionState)
    }
    this.#silence = new SilenceWatch(
      clock,
      {
        received: async () => packetsIn(await pc.getStats()),
        silent: () => {
          if (!this.#lost) this.#lose()
        },
        heard: () => {
          if (isConnected(pc.iceConnectionState)) this.#follow(pc.iceConnectionState)
        },
      },
      scope,
    )
    scope.onEnd(() => {
      pc.oniceconnectionstatechange = null
      this.#cancelTimers()
    })
  }

  #follow(state: RTCIceConnectionState): void {
    switch (state) {
      case 'connected':
      case 'completed':
        this.#cancelTimers()
        if (this.#lost) this.#hooks.back()
        this.#lost = false
        this.#silence.start()
        return
      case 'disconnected':
        if (!this.#lost)
          this.#after(disconnectedGraceMs, () => {
            this.#lose()
          })
        return
      case 'failed':
        if (!this.#lost) this.#lose()
        return
      case 'closed':
        this.#silence.stop()
        return
      case 'new':
      case 'checking':
        return
    }
  }

  #lose(): void {
    this.#cancelTimers()
    this.#lost = true
    this.#hooks.lost()
    // Whoever hears of it may have ended everything: then there is nothing to restart.
    if (this.#scope.ended) return
    this.#after(this.#role === 'initiator' ? 0 : responderRestartDelayMs, () => {
      this.#hooks.restart()
    })
    this.#after(recoveryLimitMs, () => {
      this.#hooks.givenUp()
    })
  }

  #after(delayMs: number, run: () => void): void {
    this.#timers.push(this.#clock.after(delayMs, run))
  }

  #cancelTimers(): void {
    for (const cancel of this.#timers) cancel()
    this.#timers = []
  }
}

function isConnected(state: RTCIceConnectionState): boolean {
  return state === 'connected' || state === 'completed'
}
