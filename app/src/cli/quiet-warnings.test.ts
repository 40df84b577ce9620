import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { quietExperimentalCrypto } from './quiet-warnings.ts'

it('hides the two expected warnings and nothing else', () => {
  const emitter = new EventEmitter()
  const printed: string[] = []
  emitter.on('warning', (warning: Error) => printed.push(warning.message))
  quietExperimentalCrypto(emitter)
  const warn = (name: string, message: string) => emitter.emit('warning', Object.assign(new Error(message), { name }))
  warn(
    'ExperimentalWarning',
    'The Ed25519 Web Crypto API algorithm is an experimental feature and might change at any time',
  )
  warn(
    'ExperimentalWarning',
    'The X25519 Web Crypto API algorithm is an experimental feature and might change at any time',
  )
  expect(printed).toEqual([])
  warn(
    'ExperimentalWarning',
    'The X448 Web Crypto API algorithm is an experimental feature and might change at any time',
  )
  warn('DeprecationWarning', 'The Ed25519 Web Crypto API algorithm is an experimental feature')
  expect(printed).toHaveLength(2)
})
