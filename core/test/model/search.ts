import { Knowledge } from './knowledge.ts'
import type { Rules } from './protocol.ts'
import { fingerprint, start, steps, type Plan, type Run } from './session.ts'
import type { Term } from './term.ts'

/** Honest runs and what the attacker brings. */
export interface Scenario {
  readonly plans: readonly Planned[]
  readonly attackerKnows: readonly Term[]
}

export interface Planned extends Plan {
  /** The pre-shared key of the run, once there is one: it starts then. */
  readonly psk: (world: World) => Term | undefined
}

/** One moment. Runs are in the order of their plans; undefined if not started. */
export interface World {
  readonly runs: readonly (Run | undefined)[]
  readonly knowledge: Knowledge
}

/** What must never be seen in a world. Returns what is wrong with it. */
export type Property = (world: World) => string | undefined

export interface Finding {
  readonly states: number
  /** The first world found that breaks a property: what, and every step on the way there. */
  readonly attack: { readonly what: string; readonly trace: readonly string[] } | undefined
  /** Every run that came to its end in some world: a model in which nothing works is safe, too. */
  readonly completed: ReadonlySet<string>
}

interface Node {
  readonly world: World
  readonly label: string
  readonly before: Node | undefined
}

/** More worlds than any scenario has: a scenario that grows out of it must be made smaller, not be cut off in silence. */
const maxStates = 400_000

/**
 * Every interleaving and every choice of the attacker, breadth first, so that an attack found is a shortest one. What the attacker knows follows from the
 * runs (all they sent), so two worlds with the same runs are the same.
 */
export function explore(rules: Rules, { plans, attackerKnows }: Scenario, properties: readonly Property[]): Finding {
  const first: World = { runs: plans.map(() => undefined), knowledge: Knowledge.of(attackerKnows) }
  const seen = new Set<string>()
  const completed = new Set<string>()
  let level: Node[] = []
  const visit = (world: World, label: string, before: Node | undefined, into: Node[]): void => {
    const awake = begin(rules, plans, world)
    const key = awake.runs.map((run) => (run === undefined ? '-' : fingerprint(run))).join(' | ')
    if (seen.has(key)) return
    seen.add(key)
    if (seen.size > maxStates) throw new Error('the scenario is too large to be searched whole')
    into.push({ world: awake, label, before })
  }
  visit(first, 'start', undefined, level)
  while (level.length > 0) {
    const next: Node[] = []
    for (const node of level) {
      const { runs, knowledge } = node.world
      for (const property of properties) {
        const what = property(node.world)
        if (what !== undefined) return { states: seen.size, attack: { what, trace: traceOf(node) }, completed }
      }
      runs.forEach((run, index) => {
        if (run === undefined) return
        if (run.accepted) completed.add(run.plan.name)
        for (const step of steps(rules, run, knowledge, runs)) {
          const world = { runs: runs.with(index, step.run), knowledge: knowledge.with(step.sends) }
          visit(world, step.label, node, next)
        }
      })
    }
    level = next
  }
  return { states: seen.size, attack: undefined, completed }
}

/** Runs whose key is there begin at once: that only adds to what the attacker knows. */
function begin(rules: Rules, plans: readonly Planned[], world: World): World {
  let { knowledge } = world
  const runs = world.runs.map((run, index) => {
    const plan = plans[index]
    const psk = run === undefined ? plan?.psk(world) : undefined
    if (plan === undefined || psk === undefined) return run
    const started = start(rules, plan, psk)
    knowledge = knowledge.with(started.sends)
    return started.run
  })
  return { runs, knowledge }
}

function traceOf(node: Node | undefined): readonly string[] {
  return node === undefined ? [] : [...traceOf(node.before), node.label]
}
