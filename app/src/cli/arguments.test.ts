import { describe, expect, it } from 'vitest'
import { UsageError } from '@p2pigeon/core'
import { parseCommand } from './arguments.ts'

const defaults = { name: undefined, json: false, ephemeral: false, relayUrls: [], bootstrap: [] }

const files = {
  ...defaults,
  kind: 'files',
  link: 'CODE',
  node: undefined,
  keyFile: undefined,
  waitMs: 30_000,
}

describe('good words', () => {
  it.each([
    [[], { kind: 'help' }],
    [['help'], { kind: 'help' }],
    [['join', '--help'], { kind: 'help' }],
    [['join', 'CODE'], { kind: 'join', link: 'CODE', ...defaults }],
    [['join', '-'], { kind: 'join', link: '-', ...defaults }],
    [
      ['join', '--json', 'CODE', '--name', 'Ada Lovelace', '--ephemeral'],
      { ...defaults, kind: 'join', link: 'CODE', json: true, name: 'Ada Lovelace', ephemeral: true },
    ],
    [
      ['join', 'CODE', '--relay', 'ws://a/dht', '--relay=wss://b/dht'],
      { ...defaults, kind: 'join', link: 'CODE', relayUrls: ['ws://a/dht', 'wss://b/dht'] },
    ],
    [
      ['join', 'CODE', '--bootstrap', '127.0.0.1:1, b.org:2'],
      { ...defaults, kind: 'join', link: 'CODE', bootstrap: ['127.0.0.1:1', 'b.org:2'] },
    ],
    [['join', '--', '-CODE'], { kind: 'join', link: '-CODE', ...defaults }],
    [['new'], { kind: 'new', origin: 'http://localhost:3060', join: false, ...defaults }],
    [
      ['new', '--origin', 'https://Pigeon.example.org/', '--join'],
      { kind: 'new', origin: 'https://pigeon.example.org', join: true, ...defaults },
    ],
    [['roster', 'key', 'org.key'], { kind: 'roster', roster: { kind: 'key', file: 'org.key' } }],
    [
      ['roster', 'sign', '--key', 'k', '--name', 'Acme', '--revoke=-x', '--revoke', 'y', 'members', 'out'],
      {
        kind: 'roster',
        roster: {
          kind: 'sign',
          keyFile: 'k',
          organisation: 'Acme',
          days: 90,
          revoke: ['-x', 'y'],
          membersFile: 'members',
          out: 'out',
        },
      },
    ],
    [
      [
        'share',
        'CODE',
        'a',
        'b/c',
        '--to',
        '/x//y/',
        '--stay',
        '--key',
        'k',
        '--node',
        'https://n.org/',
        '--wait',
        '5',
      ],
      {
        ...files,
        deed: { kind: 'share', paths: ['a', 'b/c'], to: ['x', 'y'], stays: true },
        keyFile: 'k',
        node: 'https://n.org',
        waitMs: 5_000,
      },
    ],
    [['get', 'CODE', 'x/y z', '--out', 'o'], { ...files, deed: { kind: 'get', path: ['x', 'y z'], out: 'o' } }],
    [['purge', 'CODE'], { ...files, deed: { kind: 'purge', path: [] } }],
    [['purge', 'CODE', 'a/b'], { ...files, deed: { kind: 'purge', path: ['a', 'b'] } }],
    [['ls', 'CODE', '--json'], { ...files, json: true, deed: { kind: 'ls', folder: [] } }],
    [
      ['sync', 'CODE', 'here', '--watch', '--delete'],
      { ...files, deed: { kind: 'sync', folder: 'here', to: [], watches: true, deletes: true } },
    ],
  ])('%j', (words, command) => {
    expect(parseCommand(words)).toEqual(command)
  })
})

describe('bad words', () => {
  it.each([
    [['join']],
    [['join', 'SECRET-LINK', 'SECRET-LINK']],
    [['SECRET-LINK']],
    [['join', 'SECRET-LINK', '--nmae', 'x']],
    [['join', 'SECRET-LINK', '--name']],
    [['join', 'SECRET-LINK', '--json=yes']],
    [['join', 'SECRET-LINK', '--relay', 'http://SECRET-LINK']],
    [['join', 'SECRET-LINK', '--bootstrap', 'x']],
    [['join', 'SECRET-LINK', '--join']],
    [['new', 'SECRET-LINK']],
    [['new', '--origin', 'SECRET-LINK']],
    [['new', '--ephemeral']],
    [['join', 'SECRET-LINK', '--key', 'x']],
    [['join', 'SECRET-LINK', '--revoke', 'x']],
    [['new', '--days', '3']],
    [['roster']],
    [['roster', 'SECRET-LINK']],
    [['roster', 'show', 'x', '--json']],
    [['roster', 'show', 'x', '--origin', 'http://SECRET-LINK']],
    [['share', 'SECRET-LINK']],
    [['share']],
    [['get', 'SECRET-LINK', '/']],
    [['get', 'SECRET-LINK', '../x']],
    [['get', 'SECRET-LINK', 'x', 'y']],
    [['get', 'SECRET-LINK', 'x', '--to', 'y']],
    [['ls', 'SECRET-LINK', '--out', 'x']],
    [['ls', 'SECRET-LINK', '--wait', '0']],
    [['ls', 'SECRET-LINK', '--node', 'SECRET-LINK']],
    [['ls', 'SECRET-LINK', '--key', 'x', '--ephemeral']],
    [['ls', 'SECRET-LINK', '--blind', 'x']],
    [['sync', 'SECRET-LINK']],
    [['sync', 'SECRET-LINK', 'x', '--stay']],
    [['share', 'SECRET-LINK', 'x', '--watch']],
    [['join', 'SECRET-LINK', '--watch']],
    [['roster', 'show', 'x', '--to', 'y']],
  ])('%j is told without echoing a word', (words) => {
    const parse = () => parseCommand(words)
    expect(parse).toThrow(UsageError)
    expect(parse).toThrow(/See: pigeon help$/)
    expect(parse).not.toThrow(/SECRET-LINK/)
  })
})
