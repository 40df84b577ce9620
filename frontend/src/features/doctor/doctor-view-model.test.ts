import { rungNames, verdictCodes, type Ladder } from '@p2pigeon/core/doctor'
import { expect, test } from 'vitest'
import { FakeDoctor } from '../../session/testing/index.ts'
import { text } from '../../text/index.ts'
import { DoctorViewModel, rungOrder, rungsOf, rungWords, type DoctorPorts } from './doctor-view-model.ts'

function setUp(part: Partial<DoctorPorts> = {}) {
  const doctor = new FakeDoctor()
  const copied: string[] = []
  const model = new DoctorViewModel({
    privacy: 'standard',
    load: () =>
      Promise.resolve({
        ...doctor,
        check: (options) => doctor.check({ relayUrls: [], iceServers: () => Promise.resolve([]) }, options),
      }),
    copy: (words) => {
      copied.push(words)
      return Promise.resolve()
    },
    ...part,
  })
  return { doctor, model, copied }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('a check ends in a verdict for the privacy of the room, and a report to copy', async () => {
  const { doctor, model, copied } = setUp({ privacy: 'hidden' })
  doctor.rungs = {
    'turn-udp': { kind: 'failed', cause: 'no-answer', ms: 8_000 },
    stun: { kind: 'failed', cause: 'no-answer', ms: 8_000 },
  }
  model.start()
  await settled()
  expect(model.state.get()).toMatchObject({ kind: 'done', verdict: { code: 'udp-blocked', level: 'limited' } })
  await model.copyReport()
  expect(model.copied.get()).toBe('copied')
  expect(copied[0]).toContain('verdict: udp-blocked')
})

test('what is known shows while the rest is tried, and closing ends the check', async () => {
  const { doctor, model } = setUp()
  doctor.rungs = { 'turn-tls': undefined }
  const end = model.start()
  await settled()
  const rungs = rungsOf(model.state.get())
  expect(rungs.stun?.kind).toBe('passed')
  expect(rungWords(rungs['turn-tls'])).toBe(text.doctor.trying)
  end()
  await settled()
  expect([doctor.aborted, model.state.get().kind]).toEqual([1, 'running'])
})

test('again ends the check under way and begins a new one', async () => {
  const { doctor, model } = setUp()
  doctor.rungs = { relay: undefined }
  const end = model.start()
  await settled()
  doctor.rungs = {}
  model.again()
  await settled()
  expect([doctor.targets.length, doctor.aborted, model.state.get().kind]).toEqual([2, 1, 'done'])
  end()
})

test('a clipboard that refuses and a doctor that cannot be loaded are said', async () => {
  const refused = setUp({ copy: () => Promise.reject(new DOMException('no', 'NotAllowedError')) })
  refused.model.start()
  await settled()
  await refused.model.copyReport()
  expect(refused.model.copied.get()).toBe('refused')
  const broken = setUp({ load: () => Promise.reject(new TypeError('offline')) })
  broken.model.start()
  await settled()
  expect(broken.model.state.get()).toEqual({ kind: 'broken' })
})

test('every rung, failure and verdict of core has words', () => {
  expect(rungOrder).toEqual(rungNames)
  expect(Object.keys(text.doctor.rungs)).toEqual([...rungNames])
  expect(Object.keys(text.doctor.verdicts).sort()).toEqual([...verdictCodes].sort())
  const rungs: Partial<Ladder['rungs']> = { stun: { kind: 'failed', cause: 'no-answer', ms: 1 } }
  expect(rungWords(rungs.stun)).toBe('No answer')
  expect(rungWords({ kind: 'passed', ms: 1_234 })).toBe('Works, 1,234 ms')
})
