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
