declare module 'hyperdht' {
  export default class DHT {
    /** A node that others join through, reachable at `host`. */
    static bootstrapper(port: number, host: string, options?: { host?: string }): DHT
    fullyBootstrapped(): Promise<void>
    destroy(): Promise<void>
  }
}
