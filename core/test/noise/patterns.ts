import { XXpsk3, type HandshakePattern, type Token } from '../../src/channel/noise/index.ts'

type Base = Pick<HandshakePattern, 'preMessages' | 'messages'>

const nobody = { initiator: [], responder: [] } as const

/** Fundamental patterns of Noise section 7.5, and the fallback of section 10.4 seen from the end that starts it. */
const fundamental: Readonly<Record<string, Base>> = {
  NN: { preMessages: nobody, messages: [['e'], ['e', 'ee']] },
  NK: {
    preMessages: { initiator: [], responder: ['s'] },
    messages: [
      ['e', 'es'],
      ['e', 'ee'],
    ],
  },
  KK: {
    preMessages: { initiator: ['s'], responder: ['s'] },
    messages: [
      ['e', 'es', 'ss'],
      ['e', 'ee', 'se'],
    ],
  },
  XK: {
    preMessages: { initiator: [], responder: ['s'] },
    messages: [
      ['e', 'es'],
      ['e', 'ee'],
      ['s', 'se'],
    ],
  },
  IK: {
    preMessages: { initiator: [], responder: ['s'] },
    messages: [
      ['e', 'es', 's', 'ss'],
      ['e', 'ee', 'se'],
    ],
  },
  XX: { preMessages: nobody, messages: XXpsk3.messages.map((tokens) => tokens.filter((token) => token !== 'psk')) },
  XXfallback: {
    preMessages: { initiator: [], responder: ['e'] },
    messages: [
      ['e', 'ee', 's', 'se'],
      ['s', 'es'],
    ],
  },
}

/**
 * The pattern of a name such as `IKpsk1` or `XXpsk0+psk3` (section 9): psk0 opens the first message, pskN ends message N.
 * `legacyPsk`: the NoisePSK_ prefix of revision 30, which mixed ephemerals as well but had no `psk` token.
 */
export function patternNamed(name: string, legacyPsk = false): HandshakePattern {
  const [, baseName = '', modifiers = ''] = /^(XXfallback|[A-Z]{2})(.*)$/.exec(name) ?? []
  const base = fundamental[baseName]
  if (base === undefined) throw new Error(`no pattern ${name}`)
  const messages: Token[][] = base.messages.map((tokens) => [...tokens])
  for (const [, position] of modifiers.matchAll(/psk(\d)/g)) {
    if (position === '0') messages[0]?.unshift('psk')
    else messages[Number(position) - 1]?.push('psk')
  }
  return { name, preMessages: base.preMessages, messages, mixesEphemerals: legacyPsk || modifiers !== '' }
}
