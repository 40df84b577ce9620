import { vaultFault, vaultText } from '../../../text/index.ts'
import { strengthOf } from './strength.ts'

/** Why these two fields cannot become a passphrase, or `undefined`. */
export function passphraseFault(
  passphrase: string,
  again: string,
): { readonly field: 'new' | 'again'; readonly words: string } | undefined {
  if (strengthOf(passphrase) === 'short') return { field: 'new', words: vaultFault('passphrase-too-short').body }
  if (passphrase !== again) return { field: 'again', words: vaultText.passphrase.mismatch }
  return undefined
}
