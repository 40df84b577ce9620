import { nameKey, numberedName } from '../../codec/index.ts'
import type { NodeId } from '../ids.ts'
import type { Node } from './nodes.ts'
import { compareSteps } from './step.ts'

/** A node with the name that it is shown by. */
export interface Named {
  readonly node: Node
  readonly name: string
}

/** The order in which nodes get their names. */
export function byCreation(one: Node, other: Node): number {
  return compareSteps(one.made, other.made)
}

/** The names of one folder by the order of creation: whatever has a name that an earlier one has got is numbered. */
export class FolderNames {
  readonly #taken = new Map<string, NodeId>()
  /** The next number to try, for all whose numbered names would be the same. */
  readonly #next = new Map<string, number>()

  /** Names nodes that were created after all others, in their order. */
  add(nodes: readonly Node[]): readonly Named[] {
    return nodes.map((node) => {
      let { name, nameKey: key } = node.named
      if (this.#taken.has(key)) {
        const family = nameKey(numberedName(name, 2))
        let number = this.#next.get(family) ?? 2
        do key = nameKey(numberedName(name, number++))
        while (this.#taken.has(key))
        this.#next.set(family, number)
        name = numberedName(name, number - 1)
      }
      this.#taken.set(key, node.id)
      return { node, name }
    })
  }

  /** Who is shown by the name of this key. */
  idOf(key: string): NodeId | undefined {
    return this.#taken.get(key)
  }
}
