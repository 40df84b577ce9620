import { expect, it, onTestFinished } from 'vitest'
import { runCarrierSuite, startDhtTestnet } from '../../../testing/index.ts'
import { nativeDhtCarrier } from './native-dht-carrier.ts'

runCarrierSuite(
  'dht, native',
  async () => {
    const { bootstrap, close } = await startDhtTestnet(10)
    return { carrier: () => nativeDhtCarrier({ bootstrap, host: '127.0.0.1' }), close }
  },
  { reconnects: false },
)

it('says that a network on loopback is local', async () => {
  const { bootstrap, close } = await startDhtTestnet(2)
  const carrier = nativeDhtCarrier({ bootstrap, host: '127.0.0.1' })
  onTestFinished(async () => {
    carrier.close()
    await close()
  })
  const ready = await new Promise((resolve) => {
    carrier.on('stateChanged', (state) => {
      if (state.kind === 'ready') resolve(state)
    })
  })
  expect(ready).toEqual({ kind: 'ready', network: 'local' })
})
