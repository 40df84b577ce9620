/**
 * What a room lets its members learn of each other's network, fixed in the room link:
 * `lan` local addresses too, `standard` public addresses only, `hidden` relays only.
 */
export type PrivacyLevel = 'lan' | 'standard' | 'hidden'

/** All levels, the most open first. */
export const privacyLevels: readonly PrivacyLevel[] = ['lan', 'standard', 'hidden']
