import type { FaultText } from '../errors.ts'

const faults: Readonly<Record<string, FaultText>> = {
  'no-file-store': { title: 'Your node keeps no files', body: 'Whoever runs it can switch its store of files on.' },
  'empty-file': { title: 'This file is empty', body: 'There is nothing in it to send.' },
  'file-unreadable': {
    title: 'This file cannot be read',
    body: 'A folder cannot be sent; pack it into one file first.',
  },
  'file-too-large': { title: 'This file is too large', body: 'Make it smaller, or send it in parts.' },
  'too-many-files': { title: 'Too many files wait to be sent', body: 'Wait until some have gone, or cancel some.' },
  'http-failed': { title: 'The store was not reached', body: 'Try again when you are connected.' },
  'store-busy': { title: 'The store takes nothing now', body: 'Try again in some minutes.' },
  'store-full': { title: 'The store has no room', body: 'Old files make room by themselves; try again later.' },
  'store-refused': { title: 'The store refused', body: 'It does not take or give this file.' },
  'file-gone': { title: 'This file is gone', body: 'Stores keep files for 30 days. Ask for it again.' },
  'file-damaged': {
    title: 'This file is damaged',
    body: 'It is not what was sent, so it is not opened. Ask for it again.',
  },
  'file-place': {
    title: 'This file is on a host that is not asked',
    body: 'Files are fetched from your node and the relay of their sender only, so that nobody learns your address through one.',
  },
  'no-file': { title: 'This file is gone', body: 'Its message was deleted.' },
  'no-picture': { title: 'This is no picture', body: 'It is not what it says it is. You can still save it.' },
}

/** Words about files in conversations. */
export const files = {
  attach: 'Attach files',
  off: 'Your node keeps no files',
  drop: 'Drop files to attach them',
  unnamed: 'File without a name',
  tray: 'Files on their way',
  waiting: 'Waiting for the store',
  inTurn: 'Waiting for its turn',
  staged: 'Goes with your message',
  tells: 'Carries details such as the camera or the place.',
  cleanShort: 'Remove details',
  clean: (name: string) => `Remove details from ${name}`,
  unread: 'May tell who made it, when and where.',
  unstage: (name: string) => `Do not send ${name}`,
  sending: (percent: number) => `Sending, ${percent} %`,
  sendingName: (name: string) => `Sending ${name}`,
  cancel: (name: string) => `Cancel sending ${name}`,
  retry: (name: string) => `Try again to send ${name}`,
  save: (name: string) => `Save ${name}`,
  saveAs: 'file',
  show: (name: string) => `Show picture ${name}`,
  showShort: 'Show picture',
  loading: (percent: number) => `Loading, ${percent} %`,
  loadingName: (name: string) => `Loading ${name}`,
  stop: (name: string) => `Stop loading ${name}`,
  picture: (name: string) => `Picture ${name}`,
  unknownSize: 'size unknown',
  fault: (code: string): FaultText | undefined => (Object.hasOwn(faults, code) ? faults[code] : undefined),
}
