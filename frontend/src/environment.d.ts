interface ImportMetaEnv {
  /** Address of a signalling server, for the protocol that uses one. */
  readonly VITE_SIGNALING_URL?: string
  /** Address of the DHT relay, when it is not the one the node names. */
  readonly VITE_DHT_RELAY_URL?: string
}
