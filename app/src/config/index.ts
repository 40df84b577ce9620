/**
 * Purpose. The environment and `.env` as one validated, typed, deeply frozen object.
 * Promises. A bad value is one `ConfigError` whose message names the variable, what it must be and an example.
 * Does not. Touch the network or create the data folder; echo a value, since some of them are secret.
 * May import. platform (Redacted), turn (its ranges and ports), @p2pigeon/core errors.
 */
export { ConfigError } from './config-error.ts'
export { loadConfig, readEnvironment, type Environment } from './load-config.ts'
export type { IceServer, NetworkChoice, NodeConfig, TurnConfig } from './node-config.ts'
export { ensureDataFolder } from './data-folder.ts'
export { parseEndpoints, parseOrigin, parseSize, parseSocketUrl } from './fields.ts'
