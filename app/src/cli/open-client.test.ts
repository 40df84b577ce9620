import { expect, it } from 'vitest'
import { roadTo } from './open-client.ts'

it.each([
  { bootstrap: [], host: undefined },
  { bootstrap: ['127.0.0.1:9000', 'localhost:9001', '127.9.9.9:9002'], host: '127.0.0.1' },
  { bootstrap: ['127.0.0.1:9000', 'dht.example.org:9001'], host: undefined },
  { bootstrap: ['127.example.org:9000'], host: undefined },
])('through $bootstrap the carrier is bound to $host', ({ bootstrap, host }) => {
  expect(roadTo(bootstrap)).toEqual({ ...(bootstrap.length > 0 ? { bootstrap } : {}), ...(host ? { host } : {}) })
})
