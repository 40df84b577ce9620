import { it } from 'vitest'
import { initiate, respond } from '../../src/channel/index.ts'
import { RoomFixture, fakeStreamPair } from '../../src/testing/index.ts'
it('bench', async () => {
  const room = await RoomFixture.create()
  const a = await room.member(), b = await room.member()
  const init: number[] = [], both: number[] = [], proven: number[] = []
  for (let i = 0; i < 300; i++) {
    const [d, c] = fakeStreamPair()
    const t = performance.now()
    const r = respond(c, b)
    const i1 = await initiate(d, a)
    init.push(performance.now() - t)
    const r1 = await r
    both.push(performance.now() - t)
    await i1.proven
    proven.push(performance.now() - t)
    i1.close('left'); r1.close('left')
  }
  const m = (x: number[]) => x.sort((p, q) => p - q)[Math.floor(x.length / 2)]!.toFixed(2)
  console.log('initiate', m(init), 'respond', m(both), 'proven', m(proven), 'min', both[0]!.toFixed(2))
})
