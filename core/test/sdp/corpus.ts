import { readFileSync } from 'node:fs'

/** One file of `corpus/` (see its SOURCE.txt) and the addresses that were found in it. */
export interface Sample {
  readonly file: string
  readonly addresses: readonly { readonly token: string; readonly cls: string; readonly where: string }[]
}

export const read = (file: string) => readFileSync(new URL(`corpus/${file}`, import.meta.url), 'utf8')
export const samples = (JSON.parse(read('manifest.json')) as { samples: readonly Sample[] }).samples
export const candidates = JSON.parse(read('candidates.json')) as readonly {
  readonly line: string
  readonly source: string
  readonly valid: boolean
}[]
