/** The part of hyperdht that the bench uses; the package ships no types. */
declare module 'hyperdht' {
  export default class DHT {
    static bootstrapper(port: number, host: string, options: { host: string }): DHT
    fullyBootstrapped(): Promise<void>
    destroy(options: { force: boolean }): Promise<void>
  }
}
