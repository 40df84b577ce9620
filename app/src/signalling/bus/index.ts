/**
 * Purpose. What signalling servers share so that clients of different ones meet.
 * Promises. Messages by channel, stored nowhere; in this process, or by a Redis-compatible server.
 * Does not. Know what is said on it.
 * May import. redis.
 */
export type { Bus, Subscription, Undo } from './bus.ts'
export { LocalBus } from './local-bus.ts'
export { openRedisBus } from './redis-bus.ts'
