import type { SegmentName } from '../store/index.ts'

/** What a path and a method ask for. */
export type Call =
  | { readonly kind: 'open-session' }
  | { readonly kind: 'create-drive' }
  | { readonly kind: 'follow' }
  | {
      readonly kind: 'put-segment' | 'get-segment'
      readonly drive: string
      readonly object: string
      readonly name: SegmentName
    }
  | { readonly kind: 'list-object' | 'clear-object'; readonly drive: string; readonly object: string }
  | { readonly kind: 'append-batch'; readonly drive: string; readonly n: number }
  | { readonly kind: 'read-journal'; readonly drive: string; readonly from: number }

export type Route = Call | { readonly kind: 'method-unknown' } | { readonly kind: 'not-found' }

const drivePath = /^\/data\/drives\/([0-9a-f]{64})\/(.+)$/
const segmentPath = /^objects\/([0-9a-f]{32})\/(0|[1-9]\d{0,6}|hashes)$/
const objectPath = /^objects\/([0-9a-f]{32})$/
const batchPath = /^journal\/(0|[1-9]\d{0,8})$/
const fromQuery = /^from=(0|[1-9]\d{0,8})$/

/** Paths are matched as they came: nothing in them is decoded, so nothing can be written in two ways. */
export function routeOf(method: string, url: string): Route {
  const [path = '', query, ...more] = url.split('?')
  if (more.length > 0) return { kind: 'not-found' }
  if (path === '/data/session') return only(method, 'POST', { kind: 'open-session' })
  if (path === '/data/drives') return only(method, 'POST', { kind: 'create-drive' })
  if (path === '/data/follow') return only(method, 'POST', { kind: 'follow' })
  const [, drive, rest] = drivePath.exec(path) ?? []
  if (drive === undefined || rest === undefined) return { kind: 'not-found' }
  return driveRoute(method, drive, rest, query)
}

function driveRoute(method: string, drive: string, rest: string, query: string | undefined): Route {
  const [, object, name] = segmentPath.exec(rest) ?? []
  if (object !== undefined && name !== undefined) {
    const segment = { drive, object, name: name === 'hashes' ? name : Number(name) } as const
    if (method === 'PUT') return { kind: 'put-segment', ...segment }
    return only(method, 'GET', { kind: 'get-segment', ...segment })
  }
  const [, whole] = objectPath.exec(rest) ?? []
  if (whole !== undefined) {
    if (method === 'DELETE') return { kind: 'clear-object', drive, object: whole }
    return only(method, 'GET', { kind: 'list-object', drive, object: whole })
  }
  const [, n] = batchPath.exec(rest) ?? []
  if (n !== undefined) return only(method, 'PUT', { kind: 'append-batch', drive, n: Number(n) })
  if (rest !== 'journal') return { kind: 'not-found' }
  const [, from] = fromQuery.exec(query ?? 'from=0') ?? []
  return from === undefined
    ? { kind: 'not-found' }
    : only(method, 'GET', { kind: 'read-journal', drive, from: Number(from) })
}

function only(method: string, right: string, call: Call): Route {
  return method === right ? call : { kind: 'method-unknown' }
}
