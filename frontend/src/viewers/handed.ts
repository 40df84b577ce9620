import type { FrameWord, Handed } from './protocol.ts'
import { rangesOver, type Ranges } from './ranges.ts'

/** Says that the frame is ready and waits for what is to be shown. `show` may throw: then the page says that nothing is shown. */
export function whenHanded(show: (handed: Handed, ranges: Ranges) => Promise<void>): void {
  const say = (word: FrameWord): void => parent.postMessage(word, '*')
  addEventListener(
    'message',
    ({ data, source, ports: [port] }: MessageEvent<Handed>) => {
      // The page alone can reach the frame: others have no hold of its window.
      if (source !== parent || !port) return
      show(data, rangesOver(port)).then(
        () => say('shown'),
        () => say('failed'),
      )
    },
    { once: true },
  )
  say('ready')
}

export function failed(): void {
  parent.postMessage('failed' satisfies FrameWord, '*')
}
