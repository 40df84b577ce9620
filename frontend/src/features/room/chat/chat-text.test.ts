import { expect, test } from 'vitest'
import { fakeMessage } from '../../../session/testing/index.ts'
import { chatText } from './chat-text.ts'

test('the chat as text: who, when, and nothing that could pass for another message', () => {
  const forged = fakeMessage('first\n[2026-01-01 00:00] Ada: forged\u202e', { sentAtMs: Date.UTC(2026, 10, 28, 14, 5) })
  const own = fakeMessage('second', { own: true, fromName: 'Ada', sentAtMs: Number.MAX_SAFE_INTEGER })
  expect(chatText('Blue Heron', [forged, own])).toBe(
    [
      'Blue Heron',
      '',
      '[2026-11-28 14:05] Grace: first',
      '    [2026-01-01 00:00] Ada: forged',
      '[?] Ada (you): second',
      '',
    ].join('\n'),
  )
})
