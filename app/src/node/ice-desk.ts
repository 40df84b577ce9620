import { Allowance, type Clock } from '@p2pigeon/core/node'
import type { NodeConfig } from '../config/index.ts'
import { clientPrefix } from '../platform/index.ts'
import type { IceClient } from '../http/index.ts'
import { iceAnswer, type IceAnswer, type TurnService } from '../turn/index.ts'

/** Token bucket of answers of one client address: a page asks once per room and once per restart of a connection. */
const answerBurst = 120
const answersPerSecond = 4
/** Addresses remembered at a time; with more of them, all begin anew. */
const maxRemembered = 4_096

/** Answers `GET /ice`: the ICE servers of this node's configuration, with fresh credentials, at a bounded rate. */
export class IceDesk {
  readonly #config: NodeConfig
  readonly #turn: TurnService | undefined
  readonly #clock: Clock
  readonly #rates = new Map<string, Allowance>()

  constructor(config: NodeConfig, turn: TurnService | undefined, clock: Clock) {
    this.#config = config
    this.#turn = turn
    this.#clock = clock
  }

  answer({ hostname, behindTls, address }: IceClient): IceAnswer | undefined {
    if (!this.#rateOf(clientPrefix(address)).take()) return undefined
    const { turn, iceServers } = this.#config
    const sources = {
      embedded: this.#turn,
      tlsUrls: turn.tlsUrls,
      stunUrls: turn.stunUrls,
      turnUrls: turn.turnUrls,
      turnSecret: turn.secret?.reveal(),
      fixed: iceServers.map((server) => ({ ...server, credential: server.credential?.reveal() })),
    }
    return iceAnswer(sources, { hostname, behindTls }, this.#clock.now())
  }

  #rateOf(source: string): Allowance {
    const known = this.#rates.get(source)
    if (known !== undefined) return known
    if (this.#rates.size >= maxRemembered) this.#rates.clear()
    const bucket = new Allowance(this.#clock, answerBurst, answersPerSecond)
    this.#rates.set(source, bucket)
    return bucket
  }
}
