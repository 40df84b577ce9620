/** 80 bytes in each packet of 20 ms: good for speech, and one size whatever is said. */
const constantOpusBitsPerSecond = 32_000

const parameters = [
  ...['cbr=1', 'usedtx=0', 'useinbandfec=0', 'stereo=0', 'sprop-stereo=0'],
  `maxaveragebitrate=${constantOpusBitsPerSecond}`,
].join(';')

/**
 * The description with Opus at a constant bit rate: no variable rate, no silence suppression, no redundancy, packets of
 * 20 ms, all of which would tell from outside what is said (RFC 6562 section 3). These are wishes of a receiver (RFC 7587
 * section 6.1), so an encoder obeys them only in the description of the other end.
 */
export function constantOpus(sdp: string): string {
  const sections = sdp.split(/^(?=m=)/m)
  return sections.map((section) => (section.startsWith('m=audio ') ? constantSection(section) : section)).join('')
}

function constantSection(section: string): string {
  const opus = [...section.matchAll(/^a=rtpmap:(\d{1,3}) opus\/48000\/2\r?$/gim)].map(([, format]) => format ?? '')
  if (opus.length === 0) return section
  const lines = section.split(/\r?\n/).filter((line) => line !== '')
  const kept = lines.filter(
    (line) => !/^a=(?:max)?ptime:/.test(line) && !opus.some((format) => line.startsWith(`a=fmtp:${format} `)),
  )
  const rebuilt = kept.flatMap((line) => {
    const format = opus.find((one) => line.startsWith(`a=rtpmap:${one} `))
    return format === undefined ? [line] : [line, `a=fmtp:${format} ${parameters}`]
  })
  return [...rebuilt, 'a=ptime:20', 'a=maxptime:20'].map((line) => `${line}\r\n`).join('')
}
