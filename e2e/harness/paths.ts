import { fileURLToPath } from 'node:url'

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const builtNode = repository('app/dist/main.js')
/** The library, with what `pnpm build` made of it in `dist/`. */
export const coreFolder = repository('core')
/** Writes films for tests; the page's own viewer reads them with it. */
export const filmLibrary = repository('e2e/node_modules/mediabunny/dist/bundles/mediabunny.min.mjs')
export const terminalClient = repository('app/bin/pigeon.mjs')

/** What a child process may know of the test's environment: nothing that configures the product. */
export function bareEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'USERPROFILE']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
