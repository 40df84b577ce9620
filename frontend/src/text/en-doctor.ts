/** A verdict in words; `ask` is for whoever runs the network or the node. */
interface VerdictText {
  readonly title: string
  readonly body: string
  readonly ask?: string
}

const verdicts = {
  'all-good': {
    title: 'Everything a call needs works',
    body: 'If somebody still cannot be reached, ask them to run this check on their side.',
  },
  'webrtc-unavailable': {
    title: 'This browser does not allow calls',
    body: 'WebRTC is switched off in it, by an extension or by a policy.',
    ask: 'Allow WebRTC (RTCPeerConnection) in the browser policy for the address of this page.',
  },
  'node-unreachable': {
    title: 'Your node does not answer',
    body: 'It brings you together with others. Check that it runs and that this device is online.',
    ask: 'Allow HTTPS and WebSocket from this device to the host that serves this page.',
  },
  'websocket-blocked': {
    title: 'The network stops the way to your node',
    body: 'Pages of your node load, but its WebSocket does not get through. A proxy or a firewall on the way is the usual reason.',
    ask: 'Allow WebSocket connections (HTTP upgrade, path /dht) to the host that serves this page, and exempt it from content inspection.',
  },
  'dht-unreachable': {
    title: 'Your node cannot search for people',
    body: 'The node answers, but the network on which people find each other does not answer the node.',
    ask: 'On the host of the node, allow outgoing UDP to any address and port above 1023, with replies.',
  },
  'ice-servers-unavailable': {
    title: 'Your node does not say which call relays it has',
    body: 'People on your own network may still be reached. Check that the node runs in its present version.',
    ask: 'Let HTTPS requests to the path /ice of the host that serves this page through, uncached.',
  },
  'udp-blocked': {
    title: 'This network blocks UDP',
    body: 'Calls have to go through a relay over TCP, where one is set up: they work less well, or not at all.',
    ask: 'Allow outgoing UDP, with replies, to the STUN and TURN server of the node (port 3478 unless set otherwise).',
  },
  'turn-credentials': {
    title: 'The call relay does not accept our credentials',
    body: 'The relay is reached. Its secret and the one of your node differ, or a clock is wrong.',
    ask: 'Compare the shared secret of the TURN server with the one in the configuration of the node, and the clocks of both hosts.',
  },
  'turn-refused': {
    title: 'The call relay is reached and refuses',
    body: 'It is full, or it does not serve this network. Try again later.',
    ask: 'Check quotas and allowed peers in the configuration of the TURN server; its log names the reason.',
  },
  'turn-unreachable': {
    title: 'The call relay cannot be reached',
    body: 'Calls that need it do not connect. A firewall stops the way to it, or it does not run.',
    ask: 'Allow outgoing traffic to the TURN server of the node: UDP and TCP port 3478, and TCP port 443 for TLS, unless set otherwise.',
  },
  'no-turn-configured': {
    title: 'No call relay is set up',
    body: 'Without one, people behind strict networks cannot be reached, and rooms with hidden addresses do not work.',
    ask: 'Set up a TURN server for the node, best one that also answers over TLS on TCP port 443.',
  },
  'stun-unreachable': {
    title: 'Your public address is not known',
    body: 'Calls work, but all of them go through the relay.',
    ask: 'Allow outgoing UDP, with replies, to the STUN server of the node (port 3478 unless set otherwise).',
  },
  'local-network-only': {
    title: 'Your node is on a local network only',
    body: 'People on this machine or on the same shared node can be reached; people on other nodes cannot.',
    ask: 'If that is not intended: on the host of the node, allow outgoing UDP to any address and port above 1023, with replies.',
  },
} satisfies Readonly<Record<string, VerdictText>>

/** Words of the connection check: what is tried, how it went, and what somebody can do about it. */
export const doctor = {
  open: 'Check connection',
  title: 'Connection check',
  running: 'Trying every way a call could take…',
  broken: 'The check itself did not start. Reload the page and try again.',
  again: 'Check again',
  copy: 'Copy report',
  copied: 'Report copied',
  copyFailed: 'The browser did not let us copy. Select the report above.',
  report: 'Report',
  reportNote: 'The report holds no address and no name.',
  done: 'Close',
  ask: 'For your IT department',
  also: 'Also noticed',
  steps: 'What was tried',
  rungs: {
    direct: { name: 'Calls in this browser', detail: 'WebRTC' },
    stun: { name: 'Your public address', detail: 'STUN' },
    'turn-udp': { name: 'Call relay over UDP', detail: 'TURN' },
    'turn-tcp': { name: 'Call relay over TCP', detail: 'TURN' },
    'turn-tls': { name: 'Call relay over TLS', detail: 'TURN' },
    relay: { name: 'Your node', detail: 'WebSocket' },
    dht: { name: 'Finding people', detail: 'DHT' },
  },
  trying: 'Trying…',
  passed: (ms: string) => `Works, ${ms} ms`,
  failed: {
    'webrtc-unavailable': 'Switched off in this browser',
    'no-candidates': 'No network path found',
    'no-answer': 'No answer',
    'name-unresolved': 'Server name not found',
    'credentials-refused': 'Credentials refused',
    forbidden: 'Not allowed by the server',
    'over-quota': 'The server is full',
    'server-error': 'The server reports an error',
    'node-unreachable': 'No answer',
    'socket-refused': 'Not let through',
    'no-welcome': 'Opens, then stays silent',
  },
  skipped: {
    'not-configured': 'Not set up',
    'ice-servers-unavailable': 'Not known',
    'relay-needed': 'Needs your node first',
  },
  levels: { good: 'Works', limited: 'Works with limits', blocked: 'Blocked' },
  verdicts,
  trouble: (name: string) => `${name} cannot be reached yet`,
  troubleMany: (count: number) => `${count} people cannot be reached yet`,
}
