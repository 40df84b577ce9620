import { SymmetricState, type NoiseSuite } from '../../src/channel/noise/index.ts'

/** MixPreSharedKey of Noise revision 30, section 6.1: what the NoisePSK_ vectors of noise-c were made with. */
export class LegacyPskState extends SymmetricState {
  static async start(suite: NoiseSuite, protocolName: string, prologue: Uint8Array, psk: Uint8Array) {
    const state = new LegacyPskState(suite, await SymmetricState.initialHash(suite, protocolName))
    await state.mixHash(prologue)
    const output = await suite.hkdf(state.chainingKey, psk, 2)
    state.chainingKey = output.slice(0, suite.hashBytes)
    await state.mixHash(output.slice(suite.hashBytes))
    return state
  }
}
