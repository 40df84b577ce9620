import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, toHex, utf8 } from '../../bytes/index.ts'
import { Writer } from '../../codec/index.ts'
import { idBytes, rootNode, type NodeId, type ObjectId } from '../ids.ts'
import type { Op, PutOp } from '../journal/index.ts'
import type { Node, Nodes, TreeVersion } from './nodes.ts'
import type { Step } from './step.ts'

const domain = utf8('p2pigeon/v1/files/beside')

/** Where a version has come to be: in the file that its author named, or in one beside that. */
export interface Home {
  readonly node: NodeId
  readonly version: TreeVersion
  /** It was purged: nothing of its content is left. */
  readonly isGone: boolean
}

/** Homes by the file that an op names and the object. */
export type Homes = Map<string, Home>

export function homeKey(node: NodeId, object: ObjectId): string {
  return node + object
}

/** What an op comes to: one node as it was and as it is, and what keys lead to from now on, which all led to `former`, or nowhere. */
export interface Change {
  readonly before: Node | undefined
  readonly after: Node
  readonly home: Home | undefined
  readonly former: Home | undefined
  readonly keys: readonly string[]
}

const noKeys: Change['keys'] = []

/** What the ops before a step have made. */
export interface Known {
  readonly nodes: Pick<Nodes, 'get' | 'fits'>
  readonly homes: Pick<Homes, 'get'>
}

/** The rules of docs/protocol/files.md, "The tree", for one op after all that come before it. Undefined for one that is passed over. */
export function changeBy(step: Step, known: Known): Change | undefined {
  const { op } = step
  const before = known.nodes.get(op.node)
  switch (op.kind) {
    case 'put':
      return put(step, op, before, known)
    case 'folder':
      return before || op.node === rootNode ? undefined : made(step, 'folder', op.node, op.parent, undefined, known)
    case 'move':
      return before && moved(step, op, before, known)
    case 'delete':
      return before && !before.isDeleted ? changed(before, { isDeleted: true }) : undefined
    case 'restore':
      return restored(op, before, known)
    case 'purge':
      return purged(step, op, known)
  }
}

function put(step: Step, op: PutOp, before: Node | undefined, known: Known): Change | undefined {
  const { nodes, homes } = known
  const version: TreeVersion = { put: op, drive: step.drive, author: step.author }
  const key = homeKey(op.node, op.object)
  const there = homes.get(key)
  // An author whose node did not answer writes it again.
  if (there?.version.drive === step.drive) return undefined
  if (!before && op.node !== rootNode) return made(step, 'file', op.node, op.parent, version, known)
  const replaced = there || op.replaces === undefined ? undefined : homes.get(homeKey(op.node, op.replaces))
  const file = replaced && nodes.get(replaced.node)
  if (replaced && file?.present === replaced.version) {
    const keys = [key, homeKey(file.id, op.object)].filter((one) => !homes.get(one))
    const home = { node: file.id, version, isGone: false }
    return { ...changed(file, { isDeleted: false, ...added(file, version) }), home, keys }
  }
  const id = freeId(step, nodes)
  const copy = made(step, 'file', id, before?.kind === 'file' ? before.parent : op.parent, version, known)
  return there ? copy : { ...copy, keys: [...copy.keys, key] }
}

function moved(step: Step, op: Extract<Op, { kind: 'move' }>, before: Node, { nodes }: Known): Change | undefined {
  const { node: id, parent } = op
  const isPlace =
    parent === before.parent || (nodes.get(parent)?.kind !== 'file' && nodes.fits(id, before.kind, parent))
  return isPlace ? changed(before, { parent, named: step }) : undefined
}

function restored(
  { node, object }: Extract<Op, { kind: 'restore' }>,
  before: Node | undefined,
  { nodes, homes }: Known,
): Change | undefined {
  if (object === undefined) {
    return before?.isDeleted === true && !before.isEmptied ? changed(before, { isDeleted: false }) : undefined
  }
  const home = homes.get(homeKey(node, object))
  const file = home && nodes.get(home.node)
  if (!file || home.isGone || (file.present === home.version && !file.isDeleted)) return undefined
  return changed(file, { isDeleted: false, present: home.version, isEmptied: false })
}

/** Only its writer has a content deleted, so only the drive that it is in says so. A file whose present version is gone has nothing to show. */
function purged(
  step: Step,
  { node, object }: Extract<Op, { kind: 'purge' }>,
  { nodes, homes }: Known,
): Change | undefined {
  const home = homes.get(homeKey(node, object))
  const file = home && nodes.get(home.node)
  if (!file || home.isGone || home.version.drive !== step.drive) return undefined
  const named = [homeKey(home.version.put.node, object), homeKey(file.id, object)]
  const emptied = file.present === home.version ? { isDeleted: true, isEmptied: true } : {}
  return {
    ...changed(file, { left: file.left - 1, ...emptied }),
    ...{ home: { ...home, isGone: true }, former: home, keys: named.filter((key) => homes.get(key) === home) },
  }
}

/** Nothing that was made is lost: what fits nowhere else stands at the top. */
function made(
  step: Step,
  kind: Node['kind'],
  id: NodeId,
  parent: NodeId,
  version: TreeVersion | undefined,
  { nodes }: Known,
): Change {
  const place = nodes.fits(id, kind, parent) ? parent : rootNode
  const about = { id, kind, parent: place, made: step, named: step, isDeleted: false, isEmptied: false }
  const after = {
    ...about,
    present: version,
    versions: version && { version, older: undefined },
    left: version ? 1 : 0,
  }
  const home = version && { node: id, version, isGone: false }
  return {
    before: undefined,
    after,
    home,
    former: undefined,
    keys: version ? [homeKey(id, version.put.object)] : noKeys,
  }
}

function changed(before: Node, part: Partial<Node>): Change {
  return { before, after: { ...before, ...part }, home: undefined, former: undefined, keys: noKeys }
}

function added({ versions, left }: Node, version: TreeVersion): Partial<Node> {
  return { present: version, isEmptied: false, versions: { version, older: versions }, left: left + 1 }
}

/**
 * The id of a file that nobody has named: the same for everybody, since it comes of the place of its op. Somebody who dates a deed back can take it; then
 * the next one is taken, which costs them an op for each.
 */
function freeId({ drive, batch, index }: Step, nodes: Known['nodes']): NodeId {
  for (let turn = 0; ; turn++) {
    const place = new Writer().fixed(domain).fixed(fromHex(drive)).u32(batch).u32(index).u32(turn).finish()
    const id = toHex(sha256(place).subarray(0, idBytes))
    if (!nodes.get(id)) return id
  }
}
