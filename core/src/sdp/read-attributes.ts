import { badDescription, type Attribute, type Block } from './lines.ts'

/** The values of an attribute, in order; a flag has none. */
export function valuesOf({ attributes }: Block, name: string): readonly string[] {
  return attributes.flatMap((attribute) => (attribute.name === name ? [attribute.value ?? ''] : []))
}

export function hasFlag({ attributes }: Block, name: string): boolean {
  return attributes.some((attribute) => attribute.name === name && attribute.value === undefined)
}

/**
 * The one value of an attribute that stands at most once in a block and must look like `pattern`.
 * @throws {CodecError} by `refuse`
 */
export function singleValue(
  block: Block,
  name: string,
  pattern: RegExp,
  refuse: () => Error = badDescription,
): string | undefined {
  const [value, ...others] = valuesOf(block, name)
  if (value === undefined) return undefined
  if (others.length > 0 || !pattern.test(value)) throw refuse()
  return value
}

/** The named groups of every value that matches; the others do not pass. */
export function matches(block: Block, name: string, pattern: RegExp): readonly Readonly<Record<string, string>>[] {
  return valuesOf(block, name).flatMap((value) => {
    const groups = pattern.exec(value)?.groups
    return groups === undefined ? [] : [{ ...groups }]
  })
}

/** True for an attribute written so that one reader takes it for `name` and another does not. */
export function isDisguised(attribute: Attribute, names: ReadonlySet<string>): boolean {
  const plain = attribute.name.trim().toLowerCase()
  return plain !== attribute.name && names.has(plain)
}
