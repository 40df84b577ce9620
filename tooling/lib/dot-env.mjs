/** Takes `.env` of the current folder, if there is one, into the environment; what is really set wins. */
export function loadDotEnv() {
  try {
    process.loadEnvFile()
  } catch {
    // None, or one that the node itself will complain about in words.
  }
}
