import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MessageFile, PeerId } from '@p2pigeon/core'
import type { CliEvent } from './events.ts'
import { humanLines, jsonLine, progressLine } from './render.ts'

const peerId = 'p' as PeerId
const about = { sizeBytes: 0, modifiedAtMs: 0, by: peerId, versions: 1 }
const file: MessageFile = { id: '0a'.repeat(16), name: 'plan.pdf', sizeBytes: 12, mediaType: '' }
const message = (name: string, text: string, files: readonly MessageFile[] = []): CliEvent => ({
  type: 'message',
  id: 'i',
  from: peerId,
  name,
  text,
  files,
  sentAtMs: 1,
})

/** Anything that moves a cursor, changes a line's direction or starts a new one. */
const acting = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

describe('for people', () => {
  it.each<[CliEvent, string[]]>([
    [
      { type: 'joined', roomId: 'r', peerId, name: 'Ada', isHost: true },
      ['* You are in the room as Ada, its host. Type a line to send it; /leave or Ctrl-D leaves.'],
    ],
    [{ type: 'peer-connected', peerId, name: 'Bob', isHost: true }, ['* Bob (host) is here.']],
    [{ type: 'peer-left', peerId, name: 'Bob', reason: 'lost' }, ['* Bob was lost.']],
    [message('Bob', 'hello'), ['<Bob> hello']],
    [message('Bob', 'one\ntwo\r\nthree\tfour'), ['<Bob> one', '  two', '  three    four']],
    [message('Bob', '', [file]), ['* Bob has put into the files of the room: “plan.pdf” (12 bytes).']],
    [
      message('Bob', 'here', [file, { ...file, name: 'a\u001b[2J' }]),
      ['<Bob> here', '* Bob has put into the files of the room: “plan.pdf” (12 bytes), “a␛[2J” (12 bytes).'],
    ],
    [{ type: 'sent', id: 'i', to: 0 }, ['* Nobody is here yet; whoever comes gets it.']],
    [{ type: 'sent', id: 'i', to: 1 }, []],
    [{ type: 'delivered', id: 'i', to: 1 }, ['* Delivered to 1 person.']],
    [{ type: 'delivered', id: 'i', to: 3 }, ['* Delivered to 3 people.']],
    [{ type: 'state', room: 'joined', carrier: 'ready', network: 'public' }, ['* On the public network.']],
    [{ type: 'error', code: 'x', words: 'No.' }, ['* Error: No.']],
    [{ type: 'left' }, ['* You have left.']],
  ])('%j', (event, lines) => {
    expect(humanLines(event)).toEqual(lines)
  })

  it('shows an escape attack as text', () => {
    const attack = '\u001b]0;owned\u0007\u001b[2J\u001b[1;1H\u009b31m\u001b]52;c;cm0gLXJm\u0007\u001bP+q\u001b\\'
    expect(humanLines(message('\u001b[8mBob\r* Eve', attack))).toEqual([
      '<␛[8mBob␍* Eve> ␛]0;owned␇␛[2J␛[1;1H\ufffd31m␛]52;c;cm0gLXJm␇␛P+q␛\\',
    ])
  })

  it('lets nobody forge a line of the program or of somebody else', () => {
    for (const line of humanLines(
      message('Bob', 'hi\n* Alice has left.\n<Alice> my key is 1\u2028<Alice> x\u0085* x'),
    ).slice(1)) {
      expect(line).toMatch(/^ {2}/)
    }
    expect(humanLines(message('Bob> bye <Alice', 'hi'))).toEqual(['<Bob› bye ‹Alice> hi'])
  })

  it('counts lines that would flood the screen', () => {
    const lines = humanLines(message('Bob', '\n'.repeat(16_000)))
    expect(lines).toHaveLength(41)
    expect(lines.at(-1)).toBe('  (15961 more lines)')
  })

  it('never prints anything that acts, whatever name and text are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(text, text, (name, words) => {
        const events: CliEvent[] = [
          message(name, words),
          { type: 'joined', roomId: 'r', peerId, name, isHost: false },
          { type: 'peer-connected', peerId, name, isHost: false },
          { type: 'peer-left', peerId, name, reason: 'left' },
          { type: 'error', code: 'x', words },
          { type: 'entry', ...about, path: name, name, kind: 'file' },
          { type: 'file', direction: 'up', path: name, sizeBytes: 1 },
          { type: 'file-failed', path: name, code: 'x', words: 'No.' },
          { type: 'conflict', path: name, kept: words },
          { type: 'renamed', path: name, name: words },
          { type: 'deleted', path: name },
        ]
        for (const line of events.flatMap(humanLines)) expect(line).not.toMatch(acting)
      }),
      { numRuns: 50 },
    )
  })
})

describe('files', () => {
  it('are told in lines of one width, and how far they have come in one line', () => {
    const file = { ...about, sizeBytes: 1_536, modifiedAtMs: 1_700_000_000_000 }
    expect(humanLines({ type: 'entry', ...file, path: 'a/b.txt', name: 'b.txt', kind: 'file' })).toEqual([
      '   1.5 KiB  2023-11-14 22:13  b.txt',
    ])
    expect(humanLines({ type: 'entry', ...about, path: 'a', name: 'a', kind: 'folder' })).toEqual([
      '                              a/',
    ])
    const counts = { files: 3, filesDone: 1, bytes: 5_242_880, bytesDone: 1_048_576, bytesPerSecond: 1_048_576 }
    expect(progressLine({ type: 'progress', direction: 'up', ...counts })).toBe(
      'Sharing 1 of 3: 1.0 MiB of 5.0 MiB, 1.0 MiB/s, 4 s left',
    )
    const none = { up: 0, down: 0, deleted: 0, conflicts: 0, left: 0, failed: 0 }
    expect(humanLines({ type: 'synced', ...none })).toEqual(['* Synced: nothing to do.'])
    expect(humanLines({ type: 'synced', ...none, up: 2, conflicts: 1 })).toEqual([
      '* Synced: 2 sent, 1 in conflict, both kept.',
    ])
  })
})

describe('for scripts', () => {
  it('is one line of JSON that means exactly the event and acts on no terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const event = message('\u202e\u{e0041}\u009b', text)
        expect(JSON.parse(jsonLine(event))).toEqual(event)
        expect(jsonLine(event)).not.toMatch(acting)
      }),
      { numRuns: 50 },
    )
  })
})
