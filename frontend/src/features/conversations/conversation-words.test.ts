import { describe, expect, it } from 'vitest'
import type { ConversationId, ConversationView } from '@p2pigeon/core/chat'
import { fakeChatMessage, fakeCorrespondent, fakeKey } from '../../session/testing/index.ts'
import {
  bytesLeft,
  conversationName,
  deliveryWords,
  lifetimeWords,
  lineOf,
  matchesName,
  presenceWords,
  rowText,
  rowTime,
} from './conversation-words.ts'

const noon = new Date(2026, 5, 10, 12).getTime()
const nameOf = () => 'npub1abc…'

function conversation(part: Partial<ConversationView> = {}): ConversationView {
  return {
    id: 'c' as ConversationId,
    others: [fakeCorrespondent(1, 'Grace')],
    title: undefined,
    state: 'open',
    unread: 0,
    last: undefined,
    draft: '',
    muted: false,
    lifetimeSeconds: undefined,
    messageCount: 0,
    ...part,
  }
}

describe('words of conversations', () => {
  it('names a conversation by title, then by people', () => {
    expect(conversationName(conversation({ title: ' Review ' }), nameOf)).toBe('Review')
    expect(conversationName(conversation(), nameOf)).toBe('Grace')
    const stranger = { key: fakeKey(9), id: undefined, name: undefined }
    expect(conversationName(conversation({ others: [stranger] }), nameOf)).toBe('npub1abc…')
    const five = Array.from({ length: 5 }, (_, index) => fakeCorrespondent(index, `P${index}`))
    expect(conversationName(conversation({ others: five }), nameOf)).toBe('P0, P1, P2 and 2 more')
  })

  it('takes what deceives the eye out of names', () => {
    expect(conversationName(conversation({ title: 'Bo\u202Eb\nx' }), nameOf)).toBe('Bob x')
  })

  it('says draft, last message or nothing', () => {
    const last = { text: 'one\ntwo', atMs: 0, own: true }
    expect(rowText(conversation({ last }), false)).toEqual({ lead: 'You:', text: 'one two' })
    expect(rowText(conversation({ last, draft: 'three' }), false)).toEqual({ lead: 'Draft:', text: 'three' })
    expect(rowText(conversation({ last, draft: 'three' }), true).lead).toBe('You:')
    expect(rowText(conversation(), false).text).toBe('No messages yet')
    expect(rowText(conversation({ last: { ...last, text: '' } }), false).text).toBe('File without a name')
  })

  it('writes shorter times for nearer days', () => {
    expect(rowTime(noon - 3_600_000, noon)).toMatch(/11/)
    expect(rowTime(noon - 24 * 3_600_000, noon)).toBe('Yesterday')
    expect(rowTime(noon - 3 * 24 * 3_600_000, noon)).not.toMatch(/\d/)
    expect(rowTime(noon - 30 * 24 * 3_600_000, noon)).toContain('2026')
  })

  it('says a file by its name', () => {
    const file = { name: 'a.pdf', type: 'application/pdf', bytes: 1, width: undefined, height: undefined }
    expect(lineOf(fakeChatMessage('a.pdf', { file }))).toBe('a.pdf')
    expect(lineOf(fakeChatMessage('', { file: { ...file, name: '' } }))).toBe('File without a name')
    expect(lineOf(fakeChatMessage('', { deleted: true }))).toBe('This message was deleted.')
    expect(lineOf(fakeChatMessage('a\n b'))).toBe('a b')
  })

  it('says how far a message has come', () => {
    expect(deliveryWords({ kind: 'received' })).toBeUndefined()
    expect(deliveryWords({ kind: 'waiting', unreachable: false })).toBe('Waiting')
    expect(deliveryWords({ kind: 'waiting', unreachable: true })).toBe('No relay of theirs is known')
    expect(deliveryWords({ kind: 'sent' })).toBe('Kept by a relay')
    expect(deliveryWords({ kind: 'delivered' })).toBe('Delivered')
  })

  it('says which way messages go', () => {
    const view = { conversation: conversation(), messages: [], hasEarlier: false, parcels: [], typing: [] }
    expect(presenceWords({ ...view, online: true })).toContain('device to device')
    expect(presenceWords({ ...view, online: false })).toContain('sealed')
  })

  it('says lifetimes', () => {
    expect(lifetimeWords(undefined)).toBeUndefined()
    expect(lifetimeWords(86_400)).toBe('1 day')
    expect(lifetimeWords(7_200)).toBe('2 hours')
  })

  it('counts bytes, not letters', () => {
    expect(bytesLeft('é', 10)).toBe(8)
    expect(bytesLeft('🕊🕊🕊', 10)).toBe(-2)
  })

  it('finds people and titles by a part of a name', () => {
    expect(matchesName(conversation(), ' gRA', nameOf)).toBe(true)
    expect(matchesName(conversation({ title: 'Review' }), 'view', nameOf)).toBe(true)
    expect(matchesName(conversation(), 'bob', nameOf)).toBe(false)
    expect(matchesName(conversation(), ' ', nameOf)).toBe(true)
  })
})
