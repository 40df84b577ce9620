/** The part of an event emitter, such as `process`, that warnings come by. */
interface WarningSource {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as Node declares it
  listeners(event: 'warning'): Function[]
  removeAllListeners(event: 'warning'): unknown
  on(event: 'warning', listener: (warning: Error) => void): unknown
}

/** Node 20 marks these two WebCrypto algorithms experimental; later versions ship the same code without the mark. */
const expected = /^The (Ed25519|X25519) Web Crypto API algorithm is an experimental feature/

/** Keeps exactly those two warnings off the terminal; every other one goes to the listeners that were there before. */
export function quietExperimentalCrypto(emitter: WarningSource = process): void {
  const printers = emitter.listeners('warning')
  emitter.removeAllListeners('warning')
  emitter.on('warning', (warning: Error) => {
    if (warning.name === 'ExperimentalWarning' && expected.test(warning.message)) return
    for (const print of printers) Reflect.apply(print, emitter, [warning])
  })
}
