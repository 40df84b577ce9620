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

/** What is said of a file stands in a line of ours: nothing that somebody writes looks like one. */
function saidLines({ name, text, files }: Extract<CliEvent, { type: 'message' }>): string[] {
  const words = text === '' && files.length > 0 ? [] : messageLines(name, text)
  const shown = files.map((file) => `“${neutralise(file.name)}” (${String(file.sizeBytes)} bytes)`)
  return shown.length === 0
    ? words
    : [...words, `* ${nameOf(name)} has put into the files of the room: ${shown.join(', ')}.`]
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

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** As short as it says enough: 812 B, 3.4 MiB. */
function sizeOf(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 1_024 && unit < units.length - 1) {
    size /= 1_024
    unit += 1
  }
  return `${unit === 0 ? String(size) : size.toFixed(1)} ${units[unit] ?? ''}`
}

/** UTC, to the minute. */
function timeOf(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 16).replace('T', ' ')
}

function entryLine({ kind, name, sizeBytes, modifiedAtMs }: Extract<CliEvent, { type: 'entry' }>): string {
  const isFolder = kind === 'folder'
  const about = `${(isFolder ? '' : sizeOf(sizeBytes)).padStart(10)}  ${(isFolder ? '' : timeOf(modifiedAtMs)).padEnd(16)}`
  return `${about}  ${neutralise(name)}${isFolder ? '/' : ''}`
}

function syncedLine({ up, down, deleted, conflicts, left, failed }: Extract<CliEvent, { type: 'synced' }>): string {
  const counts = [
    [up, 'sent'],
    [down, 'got'],
    [deleted, 'deleted'],
    [conflicts, 'in conflict, both kept'],
    [left, 'deleted on one side only (--delete deletes them)'],
    [failed, 'left out'],
  ] as const
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${String(count)} ${what}`)
  return `* Synced: ${said.length === 0 ? 'nothing to do' : said.join(', ')}.`
}

/** One line that is shown over the one before. */
export function progressLine(event: Extract<CliEvent, { type: 'progress' }>): string {
  const { direction, files, filesDone, bytes, bytesDone, bytesPerSecond } = event
  const left = bytesPerSecond > 0 ? `, ${durationOf((bytes - bytesDone) / bytesPerSecond)} left` : ''
  const speed = `${sizeOf(bytesPerSecond)}/s${left}`
  return `${direction === 'up' ? 'Sharing' : 'Getting'} ${String(filesDone)} of ${String(files)}: ${sizeOf(bytesDone)} of ${sizeOf(bytes)}, ${speed}`
}

function durationOf(seconds: number): string {
  if (seconds < 60) return `${String(Math.ceil(seconds))} s`
  if (seconds < 3_600) return `${String(Math.ceil(seconds / 60))} min`
  return `${(seconds / 3_600).toFixed(1)} h`
}

function replicaLine({ state, drives, storedBytes, peers }: Extract<CliEvent, { type: 'replica' }>): string {
  if (state === 'waiting') return `* ${replicaStates.waiting}`
  const nodes = peers === 1 ? '1 node' : `${String(peers)} nodes`
  return `* ${replicaStates[state]}: ${sizeOf(storedBytes)} in ${String(drives)} ${drives === 1 ? 'drive' : 'drives'}, ${nodes} connected.`
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
      return saidLines(event)
    case 'sent':
      return event.to === 0 ? ['* Nobody is here yet; whoever comes gets it.'] : []
    case 'delivered':
      return [`* Delivered to ${people(event.to)}.`]
    case 'state':
      return stateLines(event)
    case 'error':
      return [`* Error: ${neutralise(event.words)}`]
    case 'entry':
      return [entryLine(event)]
    case 'file':
      return [`${event.direction === 'up' ? '↑' : '↓'} ${neutralise(event.path)} (${sizeOf(event.sizeBytes)})`]
    case 'file-failed':
      return [`* ${neutralise(event.path)}: ${event.words}`]
    case 'renamed':
      return [`* ${neutralise(event.path)} is called ${neutralise(event.name)} in the room.`]
    case 'incomplete':
      return [`* Not all of it could be read yet (${String(event.drives)} drives of members): there may be more files.`]
    case 'conflict':
      return [`* ${neutralise(event.path)} was changed on both sides: yours is ${neutralise(event.kept)} now.`]
    case 'deleted':
      return [`✕ ${neutralise(event.path)}`]
    case 'synced':
      return [syncedLine(event)]
    case 'purged':
      return [
        event.versions === 0
          ? '* There is nothing that you wrote and that can be deleted for good.'
          : `✕ Deleted for good: ${String(event.versions)} versions (${sizeOf(event.sizeBytes)})`,
      ]
    case 'staying':
      return ['* Everything is shared. Here for members who come, until Ctrl-C.']
    case 'nobody-told':
      return ['* Nobody else is in the room: members learn of it when they meet you there. --stay waits for them.']
    case 'progress':
      return [progressLine(event)]
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
