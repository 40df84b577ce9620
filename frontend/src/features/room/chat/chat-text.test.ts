import { expect, test } from 'vitest'
import { fakeMessage } from '../../../session/testing/index.ts'
import { chatText } from './chat-text.ts'

test('the chat as text: who, when, and nothing that could pass for another message', () => {
  const forged = fakeMessage('first\n[2026-01-01 00:00] Ada: forged\u202e', { sentAtMs: Date.UTC(2026, 10, 28, 14, 5) })
  const own = fakeMessage('second', { own: true, fromName: 'Ada', sentAtMs: Number.MAX_SAFE_INTEGER })
  const file = { id: '0a'.repeat(16), name: 'plan.pdf', sizeBytes: 1, mediaType: '' }
  const files = fakeMessage('', { files: [file, file], sentAtMs: Date.UTC(2026, 10, 28, 14, 6) })
  expect(chatText('Blue Heron', [forged, own, files])).toBe(
    [
      'Blue Heron',
      '',
      '[2026-11-28 14:05] Grace: first',
      '    [2026-01-01 00:00] Ada: forged',
      '[?] Ada (you): second',
      '[2026-11-28 14:06] Grace: [file: plan.pdf]',
      '    [file: plan.pdf]',
      '',
    ].join('\n'),
  )
})
