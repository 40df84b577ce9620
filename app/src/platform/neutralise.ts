/** Turn text round, or hide in it: bidi controls and isolates, zero-width characters, line and paragraph separators, tags. */
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu
const controls = /\p{Cc}/gu
const loneSurrogates = /\p{Surrogate}/gu

/**
 * Foreign text for one line of a terminal: C0 controls and DEL become their visible pictures (U+2400 ff.), C1 controls
 * and invisible characters U+FFFD. Nothing in the result can move the cursor, colour, ring, retitle or start a new line.
 */
export function neutralise(text: string): string {
  return text
    .replace(controls, (character) => {
      const code = character.charCodeAt(0)
      if (code < 0x20) return String.fromCharCode(0x2400 + code)
      return code === 0x7f ? '\u2421' : '\ufffd'
    })
    .replace(invisible, '\ufffd')
    .replace(loneSurrogates, '\ufffd')
}
