import type { Clock } from '../../runtime/index.ts'
import { signEvent, type NostrEvent } from '../event.ts'
import type { NostrSigner } from '../signer.ts'

const authKind = 22_242
/** A relay asks once, perhaps again later; each answer costs a signature. */
const maxChallenges = 4

export interface RelayAuthPorts {
  readonly url: string
  readonly clock: Clock
  /** Without one, nobody answers. */
  readonly signer: NostrSigner | undefined
  send(event: NostrEvent): void
}

/** Says who reads to a relay that asks for it (NIP-42), for one connection. */
export class RelayAuth {
  readonly #ports: RelayAuthPorts
  #state: 'open' | 'accepted' | 'refused' | 'ended' = 'open'
  #challenges = 0
  #answerId: string | undefined

  constructor(ports: RelayAuthPorts) {
    this.#ports = ports
  }

  /** True while what was refused for lack of an answer may yet be taken after one. */
  get mayHelp(): boolean {
    return this.#ports.signer !== undefined && this.#state === 'open'
  }

  challenged(challenge: string): void {
    const { signer, clock, url } = this.#ports
    this.#challenges += 1
    if (signer === undefined || this.#challenges > maxChallenges) return
    const tags = [
      ['relay', url],
      ['challenge', challenge],
    ]
    const createdAt = Math.floor(clock.now() / 1_000)
    signEvent({ kind: authKind, created_at: createdAt, tags, content: '' }, signer).then(
      (event) => {
        if (this.#state === 'ended') return
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
