import { expect, it, vi } from 'vitest'
import { fewDrawn, type Drawable } from './few-drawn.ts'

class FakePage implements Drawable {
  isShown = false
  drawings = 0
  finish: () => void = () => undefined
  readonly #done = new Promise<void>((resolve) => {
    this.finish = resolve
  })

  async draw(signal: AbortSignal): Promise<void> {
    this.drawings += 1
    await this.#done
    signal.throwIfAborted()
    this.isShown = true
  }

  clear(): void {
    this.isShown = false
  }
}

it('keeps few, also of those that were under way when they had to give way', async () => {
  const pages = Array.from({ length: 10 }, () => new FakePage())
  const draw = fewDrawn(2)
  pages.forEach(draw)
  for (const page of pages) page.finish()
  await vi.waitFor(() => expect(pages.at(-1)?.isShown).toBe(true))
  expect(pages.map(({ isShown }) => isShown)).toEqual([...Array<boolean>(8).fill(false), true, true])
})

it('draws one that is drawn once, and again after it was cleared', () => {
  const [first, second] = [new FakePage(), new FakePage()]
  const draw = fewDrawn(1)
  draw(first)
  draw(first)
  expect(first.drawings).toBe(1)
  draw(second)
  draw(first)
  expect(first.drawings).toBe(2)
})
