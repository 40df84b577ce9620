/** What to tell a person about a fault: what happened, and what they can do. Keyed by the stable codes of core. */
export interface FaultText {
  readonly title: string
  readonly body: string
}

const faults: Readonly<Record<string, FaultText>> = {
  'link-missing': { title: 'That is not a room link', body: 'Paste the whole link that you were sent.' },
  'link-truncated': {
    title: 'This room link is cut off',
    body: 'A part of it is missing. Copy the whole link again, or ask for it again.',
  },
  'link-damaged': {
    title: 'This room link is damaged',
    body: 'Some characters changed on the way. Ask for the link again, best as a message that you can copy.',
  },
  'link-version': {
    title: 'This room link needs a newer P2Pigeon',
    body: 'It was made by a later version. Update your node, then open the link again.',
  },
  'media-denied': {
    title: 'The browser does not allow it',
    body: 'Allow it beside the address of this page, then try again.',
  },
  'media-missing': { title: 'None was found', body: 'Plug one in, then try again.' },
  'media-busy': { title: 'Another program uses it', body: 'Close that program, then try again.' },
  'media-unsupported': {
    title: 'This browser does not offer it here',
    body: 'Browsers give access on https addresses and on localhost only.',
  },
  'empty-message': { title: 'There is nothing to send', body: 'Write something first.' },
  'message-size': { title: 'This message is too long', body: 'Send it in parts.' },
  'room-left': { title: 'You are not in this room any more', body: 'Rejoin to write here.' },
  'not-host': { title: 'You may not do this here', body: 'Only the host and co-hosts of a room decide about it.' },
  'chat-elsewhere': {
    title: 'Conversations are open in another tab',
    body: 'Go to that tab, or take them over on the page of conversations.',
  },
  'chat-unable': {
    title: 'You cannot write to them from here',
    body: 'Either their card holds no key for messages, or this device is linked to another one that holds yours.',
  },
  'unknown-conversation': { title: 'This conversation is gone', body: 'It was deleted on this device.' },
  'not-yours': { title: 'Only the author can do that', body: 'You can edit and delete what you wrote yourself.' },
  'no-members': { title: 'With whom?', body: 'Choose at least one contact.' },
  'too-many-members': { title: 'Too many people for one group', body: 'A group has at most 33 people, you included.' },
  'too-many-conversations': { title: 'Too many conversations', body: 'Delete some that you do not need any more.' },
  'bad-nostr-key': {
    title: 'That is no Nostr address',
    body: 'It begins with npub1, or has 64 characters. Copy it again as a whole. Never paste one that begins with nsec1.',
  },
  'bad-peer-key': {
    title: 'That is no Nostr address',
    body: 'It is well formed, but nobody can own it. Ask for it again.',
  },
  'legacy-unable': {
    title: 'This device cannot write to old clients',
    body: 'Your key for messages is on another device.',
  },
  'legacy-blocked': { title: 'You have blocked this person', body: 'Unblock them in your contacts to write to them.' },
  'too-many-waiting': {
    title: 'Too many messages wait to be sent',
    body: 'Wait until a relay can be reached again.',
  },
  'unknown-peer': { title: 'This person is not here any more', body: 'They left, or lost the connection.' },
  'link-unsettled': {
    title: 'The room is getting a new link',
    body: 'Try again in a moment.',
  },
  'not-kept': {
    title: 'This device could not keep that decision',
    body: 'Nobody was told of it. Free some space for this browser, then try again.',
  },
  'log-full': { title: 'This room cannot take more decisions', body: 'Open a new room.' },
  'room-open-elsewhere': {
    title: 'This room is open in another tab',
    body: 'Go on there, or close that tab and try again.',
  },
  'room-unknown': { title: 'This device does not know this room', body: 'Open it with its link.' },
  'node-unreachable': { title: 'Your node does not answer', body: 'Check that it runs, then try again.' },
  'storage-unavailable': {
    title: 'This browser does not store anything for this page',
    body: 'The call works; recent rooms and your settings are forgotten when the page closes.',
  },
}

const unexpected: FaultText = {
  title: 'That did not work',
  body: 'Something unexpected happened on this device. Try again.',
}

/** Words for a fault code; a code without words of its own gets calm general ones, never the code itself. */
export function faultText(code: string): FaultText {
  return (Object.hasOwn(faults, code) ? faults[code] : undefined) ?? unexpected
}

/** True when the code has words of its own. */
export function knowsFault(code: string): boolean {
  return Object.hasOwn(faults, code)
}

/** A device fault names its device: "Microphone: another program uses it". */
export function deviceFaultText(device: 'microphone' | 'camera' | 'screen', code: string): FaultText {
  const noun = { microphone: 'microphone', camera: 'camera', screen: 'screen' }[device]
  switch (code) {
    case 'media-denied':
      return device === 'screen'
        ? {
            title: 'The screen is not shared',
            body: 'The browser or you declined it. You can share again at any time.',
          }
        : {
            title: `The ${noun} is blocked`,
            body: `Allow the ${noun} for this page beside its address in the browser, then try again.`,
          }
    case 'media-missing':
      return { title: `No ${noun} found`, body: `Plug in a ${noun} or switch it on, then try again.` }
    case 'media-busy':
      return {
        title: `The ${noun} is in use`,
        body: `Another program holds the ${noun}. Close that program, then try again.`,
      }
    case 'media-unsupported':
      return {
        title: `No access to the ${noun} here`,
        body: 'This browser gives access on https addresses and on localhost only.',
      }
    default:
      return { title: `The ${noun} did not start`, body: 'Try again; if it stays so, pick another one.' }
  }
}
