/** The part of hyperdht that the bench uses; the package ships no types. */
declare module 'hyperdht' {
  interface Options {
    readonly bootstrap: readonly string[]
    readonly ephemeral: boolean
    readonly firewalled: boolean
    readonly host: string
    readonly port: number
  }
  export default class DHT {
    constructor(options: Options)
    fullyBootstrapped(): Promise<void>
    address(): { readonly port: number }
    destroy(options: { force: boolean }): Promise<void>
  }
}
