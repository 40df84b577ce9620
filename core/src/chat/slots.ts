/** Where what is said is kept: small named values, sealed by whoever implements it. `Keeper` of the page is one. */
export interface Slots {
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Resolves when a crash would not lose it any more. Writes of one name happen in their order. */
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}
