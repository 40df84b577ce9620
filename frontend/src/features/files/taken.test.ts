import { expect, it } from 'vitest'
import { takenFrom } from './taken.ts'

/** A field as browsers have it: a path that it cannot be given, and no files once that is emptied. */
class Field {
  files: FileList | null = null
  #value = ''
  changes = 0

  get value(): string {
    return this.#value
  }

  set value(value: string) {
    if (value !== '') throw new DOMException('not allowed', 'InvalidStateError')
    this.#value = value
    this.files = null
  }

  choose(file: File): void {
    const path = `C:\\fakepath\\${file.name}`
    if (path === this.#value) return
    this.#value = path
    this.files = { 0: file, length: 1, item: () => file } as unknown as FileList
    this.changes += 1
  }
}

it('the same file can be chosen twice in a row', () => {
  const field = new Field()
  const film = new File(['other'], 'film.bin')
  for (const times of [1, 2]) {
    field.choose(film)
    expect(field.changes).toBe(times)
    expect(takenFrom(field)).toBe(film)
  }
})

it('nothing is taken where nothing was chosen', () => {
  expect(takenFrom(new Field())).toBeUndefined()
})
