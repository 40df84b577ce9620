/** Words about what a room gives away: the choice when it is made, and what each party learns in a call. */
export const privacy = {
  heading: 'Privacy',
  chosen: (level: string, constantRate: boolean, keepChat: boolean) =>
    `${level}${constantRate ? ', constant rate' : ''}${keepChat ? ', chat kept' : ''}`,
  legend: 'Who may see your network address',
  fixed: 'Part of the room link: it holds for everyone and cannot be changed later.',
  levels: {
    standard: {
      name: 'Standard',
      short: 'Standard',
      choice: 'Standard (default)',
      sentence:
        'Others in the room can see your public internet address, never those inside your network. Calls take the shortest way they find.',
    },
    lan: {
      name: 'Same network',
      short: 'Same network',
      choice: 'Same network',
      sentence:
        'Best within one office or home: devices connect inside its network, and others in the room also see your address there.',
    },
    hidden: {
      name: 'Hidden addresses',
      short: 'Hidden',
      choice: 'Hidden addresses',
      sentence:
        'Nobody in the room sees your address: everything goes through a relay. Calls take a longer way and can look less sharp.',
    },
  },
  constantRate: {
    name: 'Constant rate',
    sentence: (cell: string, kilobits: string) =>
      `Hides when and how much you write: a packet of ${cell} bytes leaves four times a second to each participant, whether there is something to say or not. It costs about ${kilobits} kbit/s for each participant, each way, and a message may wait a quarter of a second.`,
    short: 'Messages leave at a constant rate, so that nobody can tell when you write.',
    running: (people: number, kilobits: string) =>
      people === 0
        ? 'Nobody else is here, so nothing is sent.'
        : `Now about ${kilobits} kbit/s, each way, for ${people === 1 ? '1 participant' : `${people} participants`}.`,
  },
  keepChat: {
    name: 'Chat kept',
    choice: 'Keep the chat on each member’s device',
    sentence:
      'Each device keeps what it has seen of the chat, encrypted, until its owner deletes it there. Otherwise the chat is gone for everyone who leaves or reloads.',
    kept: 'The chat is kept, encrypted, on the device of everyone who is here to see it.',
    notKept: 'The chat is not kept: it is gone when you leave or reload.',
  },
  panel: {
    open: (level: string) => `Privacy: ${level}. What others can learn`,
    title: 'What others can learn',
    intro: 'Taken from the connections of this call as they are now.',
    loading: 'Looking at the connections of this call…',
    failed: 'This could not be read just now. It is tried again in a moment.',
    empty: 'Nobody is connected to you yet, so nobody learns anything.',
    people: 'People in the room',
    services: 'Services on the way',
    kinds: {
      turn: {
        name: 'Call relay',
        theirName: 'Call relay of others',
        purpose: 'Passes encrypted packets between you and others. It cannot open them.',
        theirs: 'Chosen by another participant',
      },
      stun: { name: 'Address service', purpose: 'Told your device its public address.' },
      carrier: {
        name: 'Meeting point',
        purpose: 'Brings people with the same link together, under a name that changes every day.',
        theirs: 'This device finds others by itself',
      },
      introducer: {
        name: (who: string) => `Introductions by ${who || 'a guest'}`,
        line: 'A member of this room',
        purpose:
          'Brings you together with members whom no road of yours reaches. It passes locked messages on until you are connected, and cannot open them.',
      },
    },
    meetingPoint: (road: string) => `Meeting point: ${road}`,
    metBy: (path: string, road: string) => `${path} · met by ${road}`,
    paths: {
      direct: 'Connected directly',
      'our-relay': 'Connected through your relay',
      'their-relay': 'Connected through their relay',
      'both-relays': 'Connected through a relay on each side',
      none: 'Not connected',
    },
    rows: {
      address: 'Your address',
      timing: 'When you send and how much',
      peers: 'Whom you talk with',
      roomSize: 'How many are here',
      contents: 'Contents of the call',
    },
    address: { no: 'No', public: 'Yes, the public one', local: 'Yes, also inside your network' },
    yes: 'Yes',
    no: 'No',
    roomSize: { no: 'No', roughly: 'Roughly', exactly: 'Yes' },
    never: 'Never',
    roads: {
      heading: 'Roads to this room',
      intro:
        'People with the link are looked for on all roads at once, and met on whichever works. Members introduce those who have none in common. Each road carries the same locked messages.',
      names: {
        dht: 'the open network',
        server: 'a signalling server',
        nostr: 'Nostr relays',
        member: 'a member of the room',
      },
      titles: {
        dht: 'Open network (DHT)',
        server: 'Signalling server',
        nostr: 'Nostr relays',
        member: 'Members of the room',
      },
      states: {
        ready: 'Open',
        connecting: 'Connecting…',
        waiting: 'Cannot be reached. It is tried again.',
        closed: 'Closed',
        unused: 'Not used',
      },
      through: (state: string, host: string) => `${state} · through ${host}`,
      choice: 'Which road to use',
      automatic: { label: 'Automatic', note: 'All of them. Recommended.' },
      only: (road: string) => `Only ${road}`,
      onlyNote: 'People who cannot be reached by it are not met, not even through members.',
      failed: 'This road cannot be chosen here.',
    },
    meant: 'Yes, it is for them',
  },
}
