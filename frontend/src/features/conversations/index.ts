/**
 * Purpose. Conversations with people: the list, what was said, writing, requests of strangers, and their settings.
 * Promises. A stranger's text stays text and nothing in it is fetched; any number of messages scrolls smoothly; nothing is deleted without a
 * question.
 * Does not. Send or keep messages: the session and core do.
 * May import. session, state, text, ui; types of core.
 */
export { ConversationsView, type ConversationsViewProps } from './ConversationsView.tsx'
