/*
 * What trust costs: unlocking a vault, joining a room whose log is long, removing somebody. `tsx authority/run.ts [rounds]` in bench/; prints a
 * Markdown table. The row that a row is compared with is measured in the same round.
 */
import { cpus } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Room } from '@p2pigeon/core'
import { createVault, minimumPassphraseParameters, openVault, type PasswordHash } from '@p2pigeon/core/people'
import { webRandom } from '@p2pigeon/core/node'
import { argon2id } from 'hash-wasm'
import { BenchFault } from '../page/fault.ts'
import { median } from '../report/index.ts'
import { connected, Gathering, seen } from './gathering.ts'

const rounds = Number(process.argv[2] ?? 5)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50)
  throw new BenchFault('rounds is a whole number from 1 to 50')

const logLength = 1_000
const roomSizes = [3, 4, 5, 6, 7, 8]
const passphrase = 'correct horse battery staple'

const taken = new Map<string, number[]>()

async function time(row: string, run: () => Promise<unknown>, counts: boolean): Promise<void> {
  const start = performance.now()
  await run()
  const took = performance.now() - start
  if (counts) taken.set(row, [...(taken.get(row) ?? []), took])
}

const hash: PasswordHash = async (secret, salt, { memoryKiB, iterations, parallelism }) => {
  const options = { password: secret, salt, memorySize: memoryKiB, iterations, parallelism, hashLength: 32 }
  return new Uint8Array(await argon2id({ ...options, outputType: 'binary' }))
}

async function unlocking(counts: boolean): Promise<void> {
  const source = { kind: 'passphrase' as const, passphrase, hash }
  const { header } = await createVault(webRandom, source)
  const salt = webRandom.bytes(16)
  const secret = new TextEncoder().encode(passphrase)
  await time('Argon2id alone', () => hash(secret, salt, minimumPassphraseParameters), counts)
  await time('unlock a vault', () => openVault(webRandom, header, source), counts)
}

/** A host whose log has so many entries, and the link to its room. */
async function hostWithLog(gathering: Gathering, entries: number): Promise<Room> {
  const host = await gathering.person('host')
  const room = await host.joinRoom(await host.createRoomLink({ privacy: 'lan' }))
  for (let index = 1; index < entries; index++) room.setEntry(index % 2 === 0 ? 'open' : 'knock')
  if (entries > 0) {
    room.setEntry('open')
    room.renewLink()
    await seen(room, ({ epoch, entry }) => epoch === 1 && entry === 'open')
  }
  return room
}

async function joining(gathering: Gathering, short: Room, long: Room, round: number, counts: boolean): Promise<void> {
  const cases = [
    { row: 'join, empty log', room: short, knows: () => true },
    { row: `join, log of ${String(logLength)}`, room: long, knows: () => true },
    { row: `join, log of ${String(logLength)}, all of it read`, room: long, knows: (epoch: number) => epoch === 1 },
  ]
  for (const { row, room, knows } of round % 2 === 0 ? cases : cases.toReversed()) {
    const joiner = await gathering.person('joiner')
    let joined: Room | undefined
    await time(
      row,
      async () => {
        joined = await joiner.joinRoom(room.linkCode)
        await seen(joined, (view) => connected(view) === 1 && knows(view.epoch))
      },
      counts,
    )
    await joiner.close()
    await seen(room, (view) => connected(view) === 0)
  }
}

async function removing(size: number, counts: boolean): Promise<void> {
  const gathering = await Gathering.start()
  try {
    const rooms = await gathering.room(size)
    const [host, ...others] = rooms
    const target = others.at(-1)
    if (host === undefined || target === undefined) throw new BenchFault('nobody came')
    const { peerId } = target.view().self
    const start = performance.now()
    const took = (): number => performance.now() - start
    host.kick(peerId)
    const out = seen(target, ({ state }) => state.kind === 'removed').then(took)
    const moved = Promise.all(
      rooms
        .filter((room) => room !== target)
        .map((room) => seen(room, (view) => view.epoch === 1 && connected(view) === size - 2)),
    ).then(took)
    const figures = [
      [`removal, room of ${String(size)}: the removed is out`, await out],
      [`removal, room of ${String(size)}: all others have the new secret`, await moved],
    ] as const
    if (counts) for (const [row, ms] of figures) taken.set(row, [...(taken.get(row) ?? []), ms])
  } finally {
    await gathering.close()
  }
}

const gathering = await Gathering.start()
try {
  const [short, long] = [await hostWithLog(gathering, 0), await hostWithLog(gathering, logLength)]
  for (let round = 0; round <= rounds; round++) {
    await unlocking(round > 0)
    await joining(gathering, short, long, round, round > 0)
    for (const size of roomSizes) await removing(size, round > 0)
  }
} finally {
  await gathering.close()
}

const bases: Readonly<Record<string, string>> = {
  'unlock a vault': 'Argon2id alone',
  [`join, log of ${String(logLength)}`]: 'join, empty log',
  [`join, log of ${String(logLength)}, all of it read`]: 'join, empty log',
}
console.log(
  `Node ${process.version}, ${String(cpus().length)} cores, ${String(rounds)} rounds, headless peers of one process.\n`,
)
console.log('| what | median, ms | min–max | ratio |')
console.log('| --- | --- | --- | --- |')
for (const [row, times] of taken) {
  const base = taken.get(bases[row] ?? '')
  const ratio = base === undefined ? '' : `×${(median(times) / median(base)).toFixed(2)}`
  console.log(
    `| ${row} | ${median(times).toFixed(0)} | ${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)} | ${ratio} |`,
  )
}
process.exit()
