/** By itself, so that what loads it loads this one hash and none of the package's others. */
export { createBLAKE3 } from 'hash-wasm'
