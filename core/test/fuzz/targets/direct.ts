import { decodeAnswer, decodeQuestion, encodeAnswer, encodeQuestion } from '../../../src/files/direct/wire.ts'
import { longPieceBytes, maxAskedBytes, pieceBytes } from '../../../src/files/direct/limits.ts'
import { target } from '../target.ts'

const ask = { kind: 'ask', request: 7, drive: 'ab'.repeat(32), object: 'cd'.repeat(16), part: 3 } as const

export const directQuestion = target({
  name: 'direct-question',
  seeds: () => [
    encodeQuestion({ kind: 'cancel', request: 7 }),
    encodeQuestion({ ...ask, range: undefined }),
    encodeQuestion({ ...ask, part: 'hashes', range: { start: 5, end: maxAskedBytes } }),
  ],
  decode: decodeQuestion,
  encode: encodeQuestion,
  maxLength: 80,
})

export const directAnswer = target({
  name: 'direct-answer',
  seeds: () => [
    encodeAnswer({ kind: 'have-not', request: 7 }),
    encodeAnswer({ kind: 'last', request: 7, bytes: new Uint8Array(20).fill(1) }),
    encodeAnswer({ kind: 'piece', request: 7, bytes: new Uint8Array(pieceBytes).fill(2) }),
    encodeAnswer({ kind: 'piece', request: 7, bytes: new Uint8Array(longPieceBytes).fill(2) }),
  ],
  decode: decodeAnswer,
  encode: (answer) => encodeAnswer(answer),
  maxLength: longPieceBytes + 100,
})
