/**
 * Purpose. The call: stage, controls, chat, people, what others can learn.
 * Promises. Sound plays whatever is in view; a stranger's text stays text; every control works by keyboard.
 * Does not. Join or know how a room is reached.
 * May import. session, state, text, ui; types of core.
 */
export { RoomView } from './RoomView.tsx'
