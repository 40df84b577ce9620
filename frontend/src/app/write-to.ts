import type { ConversationId } from '@p2pigeon/core/chat'
import type { IdentityId } from '@p2pigeon/core/people'
import { Fault, type Chats, type ChatsState, type Session } from '../session/index.ts'

/** Opens the conversation with a contact. @throws {Fault} `chat-elsewhere`, `chat-unable`; what starting a conversation throws. */
export async function writeTo(session: Session, id: IdentityId): Promise<ConversationId> {
  const chats = await openChats(session)
  const correspondent = chats.correspondents.get().find((one) => one.id === id)
  if (!correspondent) throw new Fault('chat-unable')
  return chats.start([correspondent.key])
}

function openChats({ chats }: Session): Promise<Chats> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const state = chats.state.get()
      const fault = faultOf(state)
      if (state.kind === 'open') resolve(state.chats)
      else if (fault) reject(new Fault(fault))
      return state.kind === 'open' || fault !== undefined
    }
    chats.open()
    if (look()) return
    const stop = chats.state.subscribe(() => {
      if (look()) stop()
    })
  })
}

function faultOf(state: ChatsState): string | undefined {
  switch (state.kind) {
    case 'elsewhere':
      return 'chat-elsewhere'
    case 'unable':
      return 'chat-unable'
    case 'failed':
      return state.code
    default:
      return undefined
  }
}
