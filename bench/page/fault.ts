/** A measurement could not be made; nothing is recovered from it. */
export class BenchFault extends Error {
  override readonly name = 'BenchFault'
}
