import { describe, expect, it } from 'vitest'
import { Fault } from '../../../session/index.ts'
import { maxStaged, Staging } from './staging.ts'

const file = (name: string, size = 3): File => new File([new Uint8Array(size)], name)
const names = (staging: Staging): readonly string[] => staging.state.get().map((each) => each.file.name)

describe('files that are chosen', () => {
  it('are not sent before it is said', async () => {
    const staging = new Staging()
    staging.add([file('a'), file('b')], 100)
    expect(names(staging)).toEqual(['a', 'b'])
    const sent: string[] = []
    await staging.send(({ name }) => Promise.resolve(void sent.push(name)))
    expect([sent, names(staging)]).toEqual([['a', 'b'], []])
  })

  it('can be taken back, also while others are sent', async () => {
    const staging = new Staging()
    staging.add([file('a'), file('b'), file('c')], 100)
    staging.remove(staging.state.get()[0]?.id ?? -1)
    const sent: string[] = []
    await staging.send(({ name }) => {
      sent.push(name)
      staging.remove(staging.state.get().find((each) => each.file.name === 'c')?.id ?? -1)
      return Promise.resolve()
    })
    expect(sent).toEqual(['b'])
  })

  it('stay and say why when they are not taken; the others go', async () => {
    const staging = new Staging()
    staging.add([file('a'), file('b')], 100)
    await staging.send(({ name }) => (name === 'a' ? Promise.reject(new Fault('empty-file')) : Promise.resolve()))
    expect(staging.state.get()).toMatchObject([{ file: { name: 'a' }, code: 'empty-file' }])
  })

  it('are sent once, however often it is said', async () => {
    const staging = new Staging()
    staging.add([file('a')], 100)
    let sent = 0
    const take = (): Promise<void> => {
      sent++
      return Promise.resolve()
    }
    await Promise.all([staging.send(take), staging.send(take)])
    expect(sent).toBe(1)
  })

  it('are told from those that are too large, and bounded', () => {
    const staging = new Staging()
    staging.add([file('large', 101), file('fits', 100)], 100)
    expect(staging.state.get().map(({ code }) => code)).toEqual(['file-too-large', undefined])
    const many = Array.from({ length: maxStaged }, (_, at) => file(`f${at}`))
    expect(() => staging.add(many, 100)).toThrow(expect.objectContaining({ code: 'too-many-files' }) as Error)
    expect(staging.state.get()).toHaveLength(maxStaged)
  })
})
