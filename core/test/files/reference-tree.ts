import { createHash } from 'node:crypto'
import { fileName, nameKey, numberedName } from '../../src/codec/index.ts'
import { rootNode } from '../../src/files/ids.ts'
import type { Batch, Op, PutOp } from '../../src/files/journal/index.ts'
import { maxDepth } from '../../src/files/limits.ts'

/** What an op says, with where it stands. */
interface Placed {
  readonly op: Op
  readonly place: readonly [clock: number, drive: string, batch: number, index: number]
}

interface Thing {
  readonly id: string
  readonly kind: 'file' | 'folder'
  parent: string
  name: string
  isDeleted: boolean
  present: Version | undefined
  /** Its present version was purged. */
  isEmptied: boolean
  /** The latest first. */
  readonly versions: Version[]
}

interface Version {
  readonly drive: string
  readonly object: string
  isGone: boolean
}

/** A thing as both trees tell of it. */
export interface Told {
  readonly id: string
  readonly parent: string
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly present: string
  readonly versions: readonly string[]
}

/** "The tree" of docs/protocol/files.md, word for word and slowly: sorts everything, applies it once, looks everything up by searching. */
export class ReferenceTree {
  readonly #things: Thing[] = []
  /** Who took in a version: the node that its op named, and where it went. */
  readonly #taken: { named: string; version: Version; to: Thing }[] = []

  constructor(batches: readonly Batch[]) {
    const all = new Map<string, Placed>()
    for (const { drive, number, ops } of batches) {
      for (const [index, op] of ops.entries()) {
        all.set(`${drive} ${number} ${index}`, { op, place: [op.clock, drive, number, index] })
      }
    }
    for (const placed of [...all.values()].sort(byPlace)) this.#apply(placed)
  }

  /** Everything that is there, by id. */
  told(): readonly Told[] {
    const there = this.#things.filter((thing) => this.#chain(thing).every((one) => !one.isDeleted))
    return there
      .map((thing) => ({
        ...{ id: thing.id, kind: thing.kind, present: toldOf(thing.present) },
        versions: thing.versions.filter(({ isGone }) => !isGone).map(toldOf),
        ...{ parent: this.#shownIn(thing), name: this.#shownAs(thing) },
      }))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
  }

  #apply({ op, place: [, drive, batch, index] }: Placed): void {
    const thing = this.#get(op.node)
    if (op.kind === 'put') this.#put(op, drive, thing, [batch, index])
    else if (op.kind === 'folder') {
      if (!thing && op.node !== rootNode) this.#make('folder', op.node, op.parent, op.name)
    } else if (op.kind === 'move') {
      if (!thing || (this.#get(op.parent)?.kind === 'file' && op.parent !== thing.parent)) return
      if (op.parent !== thing.parent && !this.#fits(thing.id, thing.kind, op.parent)) return
      thing.parent = op.parent
      thing.name = op.name
    } else if (op.kind === 'delete') {
      if (thing) thing.isDeleted = true
    } else if (op.kind === 'purge') {
      const taken = this.#takenAs(op.node, op.object)
      if (taken?.version.drive !== drive || taken.version.isGone) return
      taken.version.isGone = true
      if (taken.to.present !== taken.version) return
      taken.to.isDeleted = true
      taken.to.isEmptied = true
    } else if (op.object === undefined) {
      if (thing && !thing.isEmptied) thing.isDeleted = false
    } else {
      const taken = this.#takenAs(op.node, op.object)
      if (!taken || taken.version.isGone) return
      taken.to.present = taken.version
      taken.to.isDeleted = false
      taken.to.isEmptied = false
    }
  }

  #put(op: PutOp, drive: string, thing: Thing | undefined, [batch, index]: readonly [number, number]): void {
    const same = this.#takenAs(op.node, op.object)
    if (same?.version.drive === drive) return
    const take = (to: Thing): void => {
      const version = { drive, object: op.object, isGone: false }
      to.versions.unshift(version)
      to.present = version
      to.isEmptied = false
      for (const named of [op.node, to.id]) this.#taken.push({ named, version, to })
    }
    if (!thing && op.node !== rootNode) return take(this.#make('file', op.node, op.parent, op.name))
    const older = this.#takenAs(op.node, op.replaces)
    const replaced = older?.to.present === older?.version ? older?.to : undefined
    if (replaced && !same) {
      replaced.isDeleted = false
      return take(replaced)
    }
    const beside = thing?.kind === 'file' ? thing.parent : op.parent
    for (let k = 0; ; k++) {
      const words = Buffer.from([batch, index, k].flatMap((word) => [word >>> 24, word >>> 16, word >>> 8, word]))
      const hash = createHash('sha256').update('p2pigeon/v1/files/beside').update(drive, 'hex').update(words)
      const id = hash.digest('hex').slice(0, 32)
      if (!this.#get(id)) return take(this.#make('file', id, beside, op.name))
    }
  }

  #takenAs(node: string, object: string | undefined) {
    return this.#taken.find(({ named, version }) => named === node && version.object === object)
  }

  #get(id: string): Thing | undefined {
    return this.#things.find((thing) => thing.id === id)
  }

  #make(kind: Thing['kind'], id: string, parent: string, name: string): Thing {
    const about = { id, kind, isDeleted: false, present: undefined, isEmptied: false, versions: [] }
    const thing = { ...about, parent: this.#fits(id, kind, parent) ? parent : rootNode, name }
    this.#things.push(thing)
    return thing
  }

  #fits(id: string, kind: Thing['kind'], parent: string): boolean {
    const above = this.#above(parent)
    return !above.includes(id) && above.length + this.#levels(id, kind) <= maxDepth
  }

  /** Ids from this one up to the top, that one excepted. */
  #above(id: string): readonly string[] {
    if (id === rootNode) return []
    const thing = this.#get(id)
    return [id, ...(thing ? this.#above(thing.parent) : [])]
  }

  #levels(id: string, kind: Thing['kind']): number {
    const inside = this.#things.filter(({ parent }) => parent === id)
    if (inside.length === 0) return kind === 'file' ? 0 : 1
    return 1 + Math.max(...inside.map((one) => this.#levels(one.id, one.kind)))
  }

  #shownIn({ parent }: Thing): string {
    return this.#get(parent)?.kind === 'folder' ? parent : rootNode
  }

  #chain(thing: Thing): readonly Thing[] {
    const folder = this.#get(this.#shownIn(thing))
    return [thing, ...(folder ? this.#chain(folder) : [])]
  }

  #shownAs(thing: Thing): string {
    const folder = this.#shownIn(thing)
    const taken = new Set<string>()
    for (const one of this.#things) {
      if (one.isDeleted || this.#shownIn(one) !== folder) continue
      let name = fileName(one.name)
      for (let number = 2; taken.has(nameKey(name)); number++) name = numberedName(fileName(one.name), number)
      if (one === thing) return name
      taken.add(nameKey(name))
    }
    return ''
  }
}

function toldOf(version: Version | undefined): string {
  return version === undefined ? '' : version.drive + version.object
}

function byPlace({ place: one }: Placed, { place: other }: Placed): number {
  if (one[0] !== other[0]) return one[0] - other[0]
  if (one[1] !== other[1]) return one[1] < other[1] ? -1 : 1
  return one[2] - other[2] || one[3] - other[3]
}
