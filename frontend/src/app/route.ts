import type { ConversationId, LegacyId } from '@p2pigeon/core/chat'

/** A conversation of either kind. */
export type ChatId = ConversationId | LegacyId

/** Where the page is. The fragment never leaves the browser, and the secret leaves the fragment at once. */
export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'contacts' }
  /** Conversations; `id` is the one that is open. */
  | { readonly kind: 'chats'; readonly id: ChatId | undefined }
  | { readonly kind: 'room'; readonly roomId: string }
  /** A room link in the address: read once, then replaced. */
  | { readonly kind: 'link'; readonly code: string }
  /** A contact link in the address: the same. */
  | { readonly kind: 'card'; readonly code: string }

/** Reads a fragment such as `#/room/abc`. Whatever it does not know is home. */
export function readRoute(fragment: string): Route {
  const path = fragment.startsWith('#') ? fragment.slice(1) : fragment
  if (path === '/r' || path.startsWith('/r/')) return { kind: 'link', code: path.slice('/r/'.length) }
  if (path === '/c' || path.startsWith('/c/')) return { kind: 'card', code: path.slice('/c/'.length) }
  if (path === '/contacts') return { kind: 'contacts' }
  if (path === '/settings') return { kind: 'settings' }
  const chat = /^\/chat(?:\/((?:old-)?[0-9a-f]{64}))?$/.exec(path)
  if (chat) return { kind: 'chats', id: chat[1] as ChatId | undefined }
  const roomId = /^\/room\/([A-Za-z0-9_-]{1,64})$/.exec(path)?.[1]
  return roomId === undefined ? { kind: 'home' } : { kind: 'room', roomId }
}

export function fragmentOf(route: Exclude<Route, { kind: 'link' | 'card' }>): string {
  switch (route.kind) {
    case 'home':
      return '#/'
    case 'settings':
      return '#/settings'
    case 'contacts':
      return '#/contacts'
    case 'chats':
      return route.id === undefined ? '#/chat' : `#/chat/${route.id}`
    case 'room':
      return `#/room/${route.roomId}`
  }
}
