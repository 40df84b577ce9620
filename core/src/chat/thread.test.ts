import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readDeed, rumorOfDeed, type Act, type Deed } from './rumors.ts'
import { Thread } from './thread.ts'

const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string]
const [ada, ben] = keys

function deed(from: string, clock: number, act: Act): Deed {
  const made = {
    from,
    members: keys,
    title: undefined,
    sentAtSeconds: 1_700_000_000,
    clock,
    expiresAtSeconds: undefined,
    act,
  }
  return readDeed(rumorOfDeed(made))
}

const shown = (thread: Thread) => thread.slice(0, undefined, ada, () => ({ kind: 'sent' }))

/** Some messages, and edits, removals and reactions about them by anybody. */
const deeds: fc.Arbitrary<Deed[]> = fc
  .array(fc.tuple(fc.constantFrom(...keys), fc.nat(20)), { minLength: 1, maxLength: 8 })
  .map((texts) =>
    texts.map(([from, clock], index) => deed(from, clock, { kind: 'text', content: `m${index}`, replyTo: undefined })),
  )
  .chain((messages) => {
    const target = fc.constantFrom(...messages.map(({ id }) => id))
    const act: fc.Arbitrary<Act> = fc.oneof(
      fc.record({ kind: fc.constant('edit' as const), target, content: fc.constantFrom('x', 'y') }),
      fc.record({ kind: fc.constant('removal' as const), target }),
      fc.record({ kind: fc.constant('reaction' as const), target, emoji: fc.constantFrom('👍', '❤', '') }),
    )
    const others = fc.array(
      fc.tuple(fc.constantFrom(...keys), fc.nat(30), act).map(([from, clock, what]) => deed(from, clock, what)),
      { maxLength: 12 },
    )
    return others.map((more) => [...messages, ...more])
  })

it('comes to the same in whatever order deeds come, and however often', () => {
  fc.assert(
    fc.property(
      deeds.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
      ),
      ([all, shuffled]) => {
        const [straight, mixed] = [new Thread(), new Thread()]
        for (const each of all) straight.add(each)
        for (const each of shuffled) mixed.add(each)
        expect(shown(mixed)).toEqual(shown(straight))
      },
    ),
  )
})

it('lets only the author edit and remove', () => {
  const thread = new Thread()
  const message = deed(ada, 1, { kind: 'text', content: 'mine', replyTo: undefined })
  thread.add(message)
  thread.add(deed(ben, 2, { kind: 'edit', target: message.id, content: 'forged' }))
  thread.add(deed(ben, 3, { kind: 'removal', target: message.id }))
  expect(shown(thread)[0]).toMatchObject({ content: 'mine', edited: false, deleted: false })
  thread.add(deed(ada, 4, { kind: 'edit', target: message.id, content: 'better' }))
  expect(shown(thread)[0]).toMatchObject({ content: 'better', edited: true })
  thread.add(deed(ada, 5, { kind: 'removal', target: message.id }))
  expect(shown(thread)[0]).toMatchObject({ content: '', deleted: true })
})

it('puts an answer behind what it answers, whatever clocks of the wall say', () => {
  const thread = new Thread()
  const question = { ...deed(ada, 1, { kind: 'text', content: 'q', replyTo: undefined }), sentAtSeconds: 2_000_000_000 }
  const answer = { ...deed(ben, 2, { kind: 'text', content: 'a', replyTo: question.id }), sentAtSeconds: 1 }
  thread.add(answer)
  thread.add(question)
  expect(shown(thread).map(({ content }) => content)).toEqual(['q', 'a'])
})

it.each([
  ['no recipient', { tags: [] }],
  ['a recipient that is no key', { tags: [['p', 'xyz']] }],
  ['too many recipients', { tags: Array.from({ length: 40 }, (_, i) => ['p', String(i).padStart(64, '0')]) }],
  ['no words', { content: ' \n' }],
  ['too many words', { content: 'x'.repeat(16_385) }],
  ['a kind that we do not know', { kind: 1 }],
  ['a reaction to nothing', { kind: 7 }],
])('refuses a rumor with %s', (_, part) => {
  const rumor = rumorOfDeed({ ...deed(ada, 1, { kind: 'text', content: 'x', replyTo: undefined }) })
  expect(() => readDeed({ ...rumor, ...part })).toThrow(expect.objectContaining({ code: 'bad-message' }))
})
