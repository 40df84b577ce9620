import { nameKey, numberedName } from '../../codec/index.ts'
import type { Node } from './nodes.ts'
import { compareSteps } from './step.ts'

/** A node with the name that it is shown by. */
export interface Named {
  readonly node: Node
  readonly name: string
  /** Of no other in its folder. */
  readonly key: string
}

/** Everything in a folder by the order of creation: whatever has a name that an earlier one has got is numbered. */
export function namesIn(nodes: readonly Node[]): readonly Named[] {
  const named: Named[] = []
  const taken = new Set<string>()
  /** The next number to try, for all whose numbered names would be the same. */
  const next = new Map<string, number>()
  for (const node of nodes.toSorted((one, other) => compareSteps(one.made, other.made))) {
    let { name, nameKey: key } = node.named
    if (taken.has(key)) {
      const family = nameKey(numberedName(name, 2))
      let number = next.get(family) ?? 2
      do key = nameKey(numberedName(name, number++))
      while (taken.has(key))
      next.set(family, number)
      name = numberedName(name, number - 1)
    }
    taken.add(key)
    named.push({ node, name, key })
  }
  return named
}
