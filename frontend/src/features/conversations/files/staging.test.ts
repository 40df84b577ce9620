import { describe, expect, it, vi } from 'vitest'
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

  it('tell more than they show until that is taken out, which nobody does unasked', async () => {
    const staging = new Staging()
    const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]
    const [start, end] = [
      [0xff, 0xd8],
      [0xff, 0xda, 0, 2, 1, 2, 3, 4, 0xff, 0xd9],
    ]
    const told = new Uint8Array([...start, 0xff, 0xfe, 0, 10, ...utf8('52.5N 13'), ...end])
    staging.add([new File([told], 'a.jpg', { type: 'image/jpeg', lastModified: 5 }), file('b.txt', 40)], 100)
    await vi.waitFor(() => expect(staging.state.get().map(({ tells }) => tells)).toEqual(['yes', 'no']))
    expect(staging.state.get()[0]?.file.size).toBe(told.length)
    await staging.clean(staging.state.get()[0]?.id ?? -1)
    const [clean] = staging.state.get()
    expect(clean).toMatchObject({
      tells: 'no',
      code: undefined,
      file: { name: 'a.jpg', type: 'image/jpeg', lastModified: 5 },
    })
    expect([...new Uint8Array((await clean?.file.arrayBuffer()) ?? new ArrayBuffer(0))]).toEqual([...start, ...end])
  })

  it('are judged by their bytes: what only is called a JPEG is not looked into, which is told', async () => {
    const staging = new Staging()
    const heic = new Uint8Array([0, 0, 0, 24, ...new TextEncoder().encode('ftypheic52.5N')])
    staging.add([new File([heic], 'a.jpg', { type: 'image/jpeg' })], 100)
    await vi.waitFor(() => expect(staging.state.get()[0]?.tells).toBe('unread'))
  })

  it('do not go before they were looked at: where that failed, it is done again, and what it finds is shown first', async () => {
    const staging = new Staging()
    const told = [0xff, 0xd8, 0xff, 0xfe, 0, 10, ...new TextEncoder().encode('52.5N 13'), 0xff, 0xd9]
    const picture = new File([new Uint8Array(told)], 'a.jpg', { type: 'image/jpeg' })
    let isAway = true
    const slice = (start?: number, end?: number): Blob => {
      if (isAway) throw new DOMException('gone', 'NotReadableError')
      return Blob.prototype.slice.call(picture, start, end)
    }
    staging.add([Object.assign(picture, { slice })], 100)
    await vi.waitFor(() => expect(staging.state.get()[0]?.code).toBe('file-unreadable'))
    const sent: string[] = []
    const send = (): Promise<void> => staging.send(({ name }) => Promise.resolve(void sent.push(name)))
    await send()
    expect([sent, staging.state.get()[0]?.code]).toEqual([[], 'file-unreadable'])
    isAway = false
    await send()
    expect([sent, staging.state.get()]).toMatchObject([[], [{ tells: 'yes', code: undefined }]])
    await send()
    expect(sent).toEqual(['a.jpg'])
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
