import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replicaCode } from '@p2pigeon/core/files'
import { expect, it } from 'vitest'
import { loadConfig } from '../config/index.ts'
import type { CliEvent } from './events.ts'
import { performReplicate, type ReplicaWishes } from './replicate.ts'

interface Ran {
  readonly wishes: ReplicaWishes[]
  readonly events: CliEvent[]
  readonly folder: string
  closed: number
}

async function run(code: string, interrupted: AbortSignal = AbortSignal.abort()): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-replicate-'))
  const ran: Ran = { wishes: [], events: [], folder, closed: 0 }
  await performReplicate(
    { kind: 'replicate', code, quotaBytes: 1_000, json: true, bootstrap: [] },
    loadConfig({ PIGEON_DATA: 'data' }, folder),
    (event) => ran.events.push(event),
    {
      interrupted,
      err: () => undefined,
      openReplica: (wishes) => {
        ran.wishes.push(wishes)
        wishes.progress({ state: 'keeping', drives: 2, storedBytes: 30, peers: 1 })
        return Promise.resolve(() => {
          ran.closed += 1
          return Promise.resolve()
        })
      },
    },
  )
  return ran
}

it('opens the replica that a member’s code names, tells of it, and ends it when it is interrupted', async () => {
  const secret = randomBytes(32)
  const ran = await run(` ${await replicaCode(secret)}\n`)
  expect(ran.wishes).toMatchObject([{ quotaBytes: 1_000, folder: join(ran.folder, 'data', 'replica') }])
  expect(ran.wishes[0]?.secret.equals(secret)).toBe(true)
  expect(ran.events).toEqual([{ type: 'replica', state: 'keeping', drives: 2, storedBytes: 30, peers: 1 }])
  expect(ran.closed).toBe(1)
  expect(existsSync(join(ran.folder, 'data'))).toBe(true)
})

it('stays until it is interrupted', async () => {
  const end = new AbortController()
  const running = run(await replicaCode(randomBytes(32)), end.signal)
  end.abort()
  expect((await running).closed).toBe(1)
})

it('opens nothing for a code that is mistyped, cut or something else', async () => {
  const code = await replicaCode(randomBytes(32))
  const mistyped = `${code.slice(0, 9)}${code[9] === 'A' ? 'B' : 'A'}${code.slice(10)}`
  for (const wrong of [mistyped, code.slice(0, -1), `${code}A`, '', randomBytes(32).toString('hex'), '../x']) {
    await expect(run(wrong)).rejects.toMatchObject({ code: 'bad-replica-code' })
  }
})
