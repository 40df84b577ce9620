import { neutralise } from '../platform/index.ts'
import type { CliEvent } from './events.ts'

/** More lines of one message than this are counted instead of shown, so that nobody can flush a terminal. */
const maxShownLines = 40

/** A name inside `<…>`: brackets in it would let it end early and pose as the text of a message. */
const nameOf = (name: string): string => neutralise(name).replaceAll('<', '‹').replaceAll('>', '›')

const people = (count: number): string => (count === 1 ? '1 person' : `${String(count)} people`)

const departures = { left: 'has left', lost: 'was lost', kicked: 'was removed' }

/** Continuation lines are indented: only our own code starts a line with `*` or `<`. */
function messageLines(name: string, text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/u).map((line) => neutralise(line.replaceAll('\t', '    ')))
  const shown = lines
    .slice(0, maxShownLines)
    .map((line, index) => (index === 0 ? `<${nameOf(name)}> ${line}` : `  ${line}`))
  const hidden = lines.length - shown.length
  return hidden > 0 ? [...shown, `  (${String(hidden)} more lines)`] : shown
}

function stateLines(event: Extract<CliEvent, { type: 'state' }>): string[] {
  if (event.room === 'knocking') return ['* Waiting to be let in.']
  switch (event.carrier) {
    case 'ready':
      if (event.network === 'public') return ['* On the public network.']
      if (event.network === 'local') return ['* On this machine only: nobody elsewhere can be met.']
      return ['* On the network.']
    case 'waiting':
      return ['* The network is out of reach; trying again. Open connections go on.']
    case 'connecting':
      return ['* Looking for the network…']
    case 'closed':
      return []
  }
}

const replicaStates = {
  waiting: 'Waiting for a member of the room to name its files.',
  keeping: 'Keeping',
  full: 'The quota is used up; still serving',
  'disk-full': 'The disk is full; still serving',
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`

function replicaLine({ state, drives, storedBytes, peers }: Extract<CliEvent, { type: 'replica' }>): string {
  if (state === 'waiting') return `* ${replicaStates.waiting}`
  const nodes = peers === 1 ? '1 node' : `${String(peers)} nodes`
  return `* ${replicaStates[state]}: ${megabytes(storedBytes)} in ${String(drives)} ${drives === 1 ? 'drive' : 'drives'}, ${nodes} connected.`
}

/** What a person reads: no or several lines, safe for any terminal. */
export function humanLines(event: CliEvent): string[] {
  switch (event.type) {
    case 'link':
      return [event.link]
    case 'joined':
      return [
        `* You are in the room as ${nameOf(event.name)}${event.isHost ? ', its host' : ''}. Type a line to send it; /leave or Ctrl-D leaves.`,
      ]
    case 'peer-connected':
      return [`* ${nameOf(event.name)}${event.isHost ? ' (host)' : ''} is here.`]
    case 'peer-left':
      return [`* ${nameOf(event.name)} ${departures[event.reason]}.`]
    case 'message':
      return messageLines(event.name, event.text)
    case 'sent':
      return event.to === 0 ? ['* Nobody is here yet; whoever comes gets it.'] : []
    case 'delivered':
      return [`* Delivered to ${people(event.to)}.`]
    case 'state':
      return stateLines(event)
    case 'error':
      return [`* Error: ${neutralise(event.words)}`]
    case 'replica':
      return [replicaLine(event)]
    case 'left':
      return ['* You have left.']
  }
}

/** JSON leaves DEL, C1 controls and invisible characters as they are; escaped, they mean the same and act on no terminal. */
const unsafeInJson =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** What a script reads: one line of pure JSON, with the text exactly as it was sent. */
export function jsonLine(event: CliEvent): string {
  return JSON.stringify(event).replace(unsafeInJson, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
