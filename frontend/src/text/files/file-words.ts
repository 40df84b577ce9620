import type { FaultText } from '../errors.ts'
import { faultText } from '../errors.ts'
import { bytesText } from '../format.ts'
import { files } from './en-files.ts'

export function rateText(bytesPerSecond: number): string {
  return `${bytesText(bytesPerSecond)}/s`
}

const minute = 60
const hour = 60 * minute

/** “about 3 min”: nobody needs more of a guess. */
export function durationText(seconds: number): string {
  if (seconds < minute) return `${Math.max(1, Math.ceil(seconds))} s`
  if (seconds < hour) return `${Math.round(seconds / minute)} min`
  return `${(seconds / hour).toFixed(1)} h`
}

interface ShownState {
  readonly kind: 'waiting' | 'running' | 'paused' | 'needs-file' | 'failed' | 'done'
  readonly bytesPerSecond?: number
  readonly secondsLeft?: number | undefined
  readonly code?: string
}

/** What is said of a transfer beside its name. */
export function stateText(state: ShownState): string {
  switch (state.kind) {
    case 'waiting':
      return files.state.waiting
    case 'paused':
      return files.state.paused
    case 'needs-file':
      return files.state.needsFile
    case 'done':
      return files.state.done
    case 'failed':
      return fileFault(state.code ?? '').title
    case 'running': {
      const rate = rateText(state.bytesPerSecond ?? 0)
      return state.secondsLeft === undefined ? rate : `${rate} · ${files.state.left(durationText(state.secondsLeft))}`
    }
  }
}

const faults: Readonly<Record<string, FaultText>> = {
  'node-unreachable': { title: 'Your node does not answer', body: 'It goes on by itself as soon as the node is back.' },
  'no-data-room': {
    title: 'Your node keeps no files',
    body: 'Whoever runs it has turned that off. Open this room from a node that keeps files to add some or to fetch what is not here.',
  },
  'bad-answer': {
    title: 'Your node answers in a way that this page does not know',
    body: 'It may be of another version. Bring both up to date.',
  },
  'node-refused': { title: 'Your node did not do that', body: 'Try again. If it stays so, ask whoever runs the node.' },
  'session-refused': {
    title: 'Your node does not let you in',
    body: 'Check that the clocks of this device and of the node agree.',
  },
  'quota-exceeded': {
    title: 'Your share of the node is full',
    body: 'Ask whoever runs the node for more. Or delete for good, under “Recently deleted”, what you brought and need no more.',
  },
  'disk-full': { title: 'The disk of the node is full', body: 'Nothing is lost. Go on once there is space again.' },
  'object-damaged': {
    title: 'This file arrived damaged',
    body: 'What came was not what its author signed. Nothing of the damaged part was kept.',
  },
  'object-missing': {
    title: 'Nobody who has this file can be reached',
    body: 'Try again when its author, or somebody who has a copy, is online.',
  },
  'nothing-to-purge': {
    title: 'There is nothing of yours here any more',
    body: 'It was restored or deleted for good meanwhile.',
  },
  'no-right': { title: 'You may not change files here', body: 'The host decides who may.' },
  'file-changed': { title: 'The file has changed on your disk', body: 'Upload it again to send it as it is now.' },
  'no-master': {
    title: 'The key of these files is not here yet',
    body: 'Somebody who has it must be in the room with you.',
  },
  'too-many-transfers': {
    title: 'Too many files are on their way',
    body: 'Some were left out. Bring them again once others are done.',
  },
  'too-many-files': {
    title: 'That is more than can be uploaded at once',
    body: 'Choose up to 100,000 files, in folders up to 32 deep. Nothing was uploaded.',
  },
  'file-unreadable': {
    title: 'This file cannot be read',
    body: 'If it is a folder, drop it on the files of this room instead.',
  },
  'file-too-large': {
    title: 'This file is too large to be saved here',
    body: 'Use a Chromium browser, or “pigeon get”.',
  },
  'name-taken': { title: 'Something here has this name already', body: 'Choose another name.' },
  'file-unknown': {
    title: 'This is not here any more',
    body: 'Somebody has deleted it, or the folder that it was in.',
  },
  'not-a-folder': { title: 'Nothing can be put into a file', body: 'Choose a folder.' },
  'into-itself': { title: 'A folder cannot be put into itself', body: 'Choose another place for it.' },
  'too-deep': { title: 'Folders are not that deep', body: 'Choose a place that is nearer to the top.' },
  'bad-name': { title: 'That is no name', body: files.badName },
}

/** Words for what went wrong with a file. */
export function fileFault(code: string): FaultText {
  return (Object.hasOwn(faults, code) ? faults[code] : undefined) ?? faultText(code)
}
