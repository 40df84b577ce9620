/*
 * 1,000 conversations with 100,000 messages. `tsx chat/run.ts [rounds]` in bench/; prints a Markdown table. Once in Node with sealed slots in memory: the
 * work alone; once in Chromium over IndexedDB. Floors are taken in the same rounds.
 */
import { cpus } from 'node:os'
import { BenchFault } from '../page/fault.ts'
import { median } from '../report/index.ts'
import { inChromium } from './chromium.ts'
import { rounds, type Shelf, type Times } from './measure.ts'

const count = Number(process.argv[2] ?? 5)
if (!Number.isInteger(count) || count < 1 || count > 50) throw new BenchFault('rounds is a whole number from 1 to 50')

function memoryShelf(): Shelf {
  const slots = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    get: (name) => Promise.resolve(slots.get(name)),
    put: (name, bytes) => Promise.resolve(void slots.set(name, bytes)),
    delete: (name) => Promise.resolve(void slots.delete(name)),
    names: () => Promise.resolve([...slots.keys()]),
  }
}

/** What a row is compared with. */
const floors: Readonly<Record<string, string>> = {
  open: 'floor: open the index',
  'first search': 'floor: open every page',
}

function print(where: string, { made, taken }: { readonly made: Times; readonly taken: readonly Times[] }): void {
  const medianOf = (row: string): number => median(taken.map((times) => times[row] ?? NaN))
  console.log(`\n${where}\n\n| what | median, ms | min–max | ratio |\n| --- | --- | --- | --- |`)
  for (const row of Object.keys(made)) {
    const times = taken.map((each) => each[row] ?? NaN)
    const floor = floors[row]
    const ratio =
      floor === undefined ? '' : `${(medianOf(row) / medianOf(floor)).toFixed(2)} × ${floor.replace('floor: ', '')}`
    const [least, most] = [Math.min(...times), Math.max(...times)]
    console.log(`| ${row} | ${medianOf(row).toFixed(1)} | ${least.toFixed(1)}–${most.toFixed(1)} | ${ratio} |`)
  }
  console.log(`| the very first search, which makes the digests | ${(made['first search'] ?? NaN).toFixed(0)} | | |`)
}

console.log(`Node ${process.version}, ${String(cpus().length)} cores, ${String(count)} rounds`)
print('Node, sealed slots in memory', await rounds(memoryShelf(), count))
print('Chromium, IndexedDB', await inChromium(count))
