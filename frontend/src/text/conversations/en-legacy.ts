/** Words about conversations with old clients. They are to be plain, not frightening: what others see, and what nobody can promise. */
export const legacy = {
  label: 'Not protected',
  heading: 'Old clients: not protected',
  open: (name: string) => `${name}, old client, not protected`,
  you: 'You:',
  nothing: 'No messages yet',
  header: 'Old client · not protected',
  more: (name: string) => `More about the unprotected conversation with ${name}`,

  strip: {
    title: 'Not protected: made for an old client',
    body: (name: string) =>
      `Every relay sees that you and ${name} write to each other, when, and how much, under a signature that anybody can check.`,
    more: 'What others see',
    less: 'Show less',
  },
  /** What somebody agrees to before the first message. */
  risks: [
    {
      title: 'Who writes to whom',
      body: 'Each message carries your key and theirs, for every relay and everybody who asks one.',
    },
    {
      title: 'When, and how much',
      body: 'The moment of each message is public, and so is its length: nothing is padded.',
    },
    {
      title: 'One key for everything',
      body: 'Whoever ever gets your key or theirs reads all messages, the old ones too. There is no forward secrecy.',
    },
    {
      title: 'Weak encryption',
      body: 'It has no check of its own. Only the public signature shows that a message was not changed, and it proves to everybody who sent it. Nothing in a message can be clicked.',
    },
    { title: 'It stays', body: 'Relays may keep every message for good. Deleting happens on this device only.' },
  ],

  dialog: {
    entry: 'Write to an old client…',
    title: 'Write to an old client',
    body: 'Only for somebody whose Nostr client knows nothing better than NIP-04. To everybody else write an ordinary, sealed message.',
    who: 'Who',
    byKey: 'Somebody else, by their key',
    address: 'Their Nostr address',
    addressNote: 'It begins with npub1.',
    risks: 'What this conversation gives away',
    relays: 'Where messages go',
    relaysBody: (relays: string) => `To ${relays}, and to the relays that this person has named in public.`,
    noRelays: 'You have no relay of your own. Messages go only to relays that this person has named in public.',
    refusal: 'The relay of a P2Pigeon node takes no such messages. If no other relay takes one, the message says so.',
    agree: 'I know that this conversation is not protected',
    start: 'Start without protection',
  },
  ownAddress: 'Your address for their client',

  log: (name: string) => `Unprotected messages with ${name}`,
  begin:
    'This is where the unprotected conversation begins. Messages of the week before are shown if relays still have them.',
  bound: 'Only the latest messages are kept here.',
  earlier: 'Show earlier messages',
  received: (name: string, said: string) => `${name}, not protected: ${said}`,
  standing: {
    received: '',
    waiting: 'Waiting for a relay',
    refused: 'No relay takes it; trying again',
    sent: 'Taken by a relay',
  },
  message: {
    more: (name: string, time: string) => `What to do with the message of ${name}, ${time}`,
    own: (time: string) => `What to do with your message, ${time}`,
    copy: 'Copy text',
    hide: 'Delete on this device only',
  },
  hide: {
    title: 'Delete on this device only?',
    body: 'Relays and the other person keep this message, and nobody is asked to delete it.',
    bodyWaiting: 'No relay has taken this message yet. It will not be sent any more.',
    confirm: 'Delete here',
  },
  composer: {
    field: 'Unprotected message',
    placeholder: 'Write without protection',
    send: 'Send without protection',
    note: 'Not protected. Text only.',
    tooLong: (over: string) => `Too long by ${over} bytes. Send it in parts.`,
  },
  end: {
    action: 'End this conversation',
    title: 'End this conversation?',
    body: (name: string) =>
      `Everything you and ${name} wrote here is deleted on this device, and relays are not asked for it any more. Relays and ${name} keep what they have.`,
    confirm: 'End and delete',
  },
}
