import type { DhtMode, DhtStatus } from './contract.ts'

export function publicStatus(reachable: boolean): DhtStatus {
  return reachable
    ? { kind: 'public', words: 'On the public DHT: people anywhere can meet.' }
    : {
        kind: 'public-unreachable',
        words: 'The public DHT does not answer: nobody new can be found until it does. Still trying.',
      }
}

export function localStatus(mode: DhtMode, shared: boolean): DhtStatus {
  const reach = 'On a local DHT: only people on this node, and on other nodes of this computer, can meet.'
  const words =
    mode === 'auto' ? `${reach} The public DHT does not answer; the node moves there as soon as it does.` : reach
  return { kind: 'local', shared, words }
}
