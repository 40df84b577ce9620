import type { Clock } from '../../runtime/index.ts'
import { signEvent, type NostrEvent } from '../event.ts'
import type { NostrSigner } from '../signer.ts'

const authKind = 22_242
/** A relay asks once, perhaps again later; each answer costs a signature. */
const maxChallenges = 4

export interface RelayAuthPorts {
  readonly url: string
  readonly clock: Clock
  /** Who may be told to this relay now; undefined: nobody. */
  signer(): NostrSigner | undefined
  send(event: NostrEvent): void
}

/** Says who reads to a relay that asks for it (NIP-42), for one connection. */
export class RelayAuth {
  readonly #ports: RelayAuthPorts
  #state: 'open' | 'accepted' | 'refused' | 'ended' = 'open'
  #answers = 0
  /** The latest that was not answered: relays ask when a connection is made, and perhaps never again. */
  #unanswered: string | undefined
  #hasTold = false
  #answerId: string | undefined

  constructor(ports: RelayAuthPorts) {
    this.#ports = ports
  }

  /** True while what was refused for lack of an answer may yet be taken after one. */
  get mayHelp(): boolean {
    return this.#ports.signer() !== undefined && this.#state === 'open'
  }

  /** True once this connection has said who we are. */
  get hasTold(): boolean {
    return this.#hasTold
  }

  challenged(challenge: string): void {
    this.#unanswered = challenge
    this.answer()
  }

  /** Answers what was asked while nobody might be told, if somebody may be now. */
  answer(): void {
    const { clock, url } = this.#ports
    const signer = this.#ports.signer()
    const challenge = this.#unanswered
    if (signer === undefined || challenge === undefined || this.#answers >= maxChallenges) return
    this.#unanswered = undefined
    this.#answers += 1
    const tags = [
      ['relay', url],
      ['challenge', challenge],
    ]
    const createdAt = Math.floor(clock.now() / 1_000)
    signEvent({ kind: authKind, created_at: createdAt, tags, content: '' }, signer).then(
      (event) => {
        // What was one of our relays when it asked may be somebody else's by now.
        if (this.#state === 'ended') return
        if (this.#ports.signer() === undefined) {
          this.#unanswered ??= challenge
          return
        }
        this.#hasTold = true
        this.#answerId = event.id
        this.#ports.send(event)
      },
      // A signer that is locked meanwhile is no answer; what waits for it runs into its time limit.
      () => undefined,
    )
  }

  /** Takes an `OK` if it is about our answer: then says whether we are known now. */
  answered(id: string, accepted: boolean): boolean | undefined {
    if (this.#state === 'ended' || id !== this.#answerId) return undefined
    this.#state = accepted ? 'accepted' : 'refused'
    return accepted
  }

  end(): void {
    this.#state = 'ended'
  }
}

/** True for the reasons that NIP-42 gives a relay for asking. */
export function asksWho(reason: string): boolean {
  return reason.startsWith('auth-required:') || reason.startsWith('restricted:')
}
