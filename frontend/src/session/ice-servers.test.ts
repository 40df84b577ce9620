import { expect, test } from 'vitest'
import { readIceAnswer } from './ice-servers.ts'

test('only servers that a browser takes are taken from the answer, and nothing else with them', () => {
  const turn = { urls: ['turn:b.example'], username: '1700000000:x', credential: 'secret' }
  const servers = [
    { urls: 'stun:a.example' },
    { urls: 'javascript:alert(1)' },
    { urls: [] },
    3,
    { ...turn, credentialType: 'oauth', username: turn.username },
    { urls: 'turns:c.example', username: 7 },
  ]
  expect(readIceAnswer({ iceServers: servers, ttlSeconds: 600 })).toEqual({
    iceServers: [{ urls: 'stun:a.example' }, turn, { urls: 'turns:c.example' }],
    ttlSeconds: 600,
  })
  const many = Array.from({ length: 50 }, () => ({ urls: 'stun:a.example' }))
  expect(readIceAnswer({ iceServers: many }).iceServers).toHaveLength(8)
})

test.each([[undefined], [-1], ['9'], [Infinity], [0]])('a lifetime of %s is one we can wait for', (ttlSeconds) => {
  const { ttlSeconds: read } = readIceAnswer({ iceServers: [], ttlSeconds })
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThanOrEqual(86_400)
})

test.each([[null], [{}], ['<!doctype html>'], [{ iceServers: {} }]])('%j is no answer', (value) => {
  expect(() => readIceAnswer(value)).toThrow(TypeError)
})
