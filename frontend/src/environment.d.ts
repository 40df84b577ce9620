interface ImportMetaEnv {
  /** Address of the signalling server, when it is not the one the node names. */
  readonly VITE_SIGNALING_URL?: string
  /** Address of the DHT relay, when it is not the one the node names. */
  readonly VITE_DHT_RELAY_URL?: string
}
