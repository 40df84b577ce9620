import { utf8 } from '../bytes/index.ts'
import { visibleText } from './visible-text.ts'

/** What every file system takes. */
export const maxFileNameBytes = 255
/** As much of what was written is looked at. */
const maxRead = 4_096
/** Halves of characters, which a cut leaves and no file system takes. */
const halves = /\p{Cs}/gu
const way = /^.*[/\\]/su
/** What some file system forbids or takes for something else. */
const forbidden = /[<>:"|?*%~]/gu
const edges = /^[. ]+|[. ]+$/gu
/** Names that Windows takes for devices, whatever follows the dot, with spaces before it and with raised digits too. */
const device = /^(?:con|conin\$|conout\$|prn|aux|nul|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/iu
const maxSuffix = 12
/** A number in brackets, as large as one is counted. */
const numberBytes = 10

/**
 * The name of a file or folder as it is safe to show and to save under, whoever wrote it: never empty and no path, nothing invisible, no direction of
 * writing that would hide the real ending, nothing that a file system takes for something else, at most `maxFileNameBytes` of UTF-8. The same for a name
 * that is safe already, and composed (NFC). What Unicode has not assigned depends on the version that the platform knows.
 */
export function fileName(written: string): string {
  const last = written.slice(0, maxRead).replace(halves, '').replace(way, '')
  // What is composed is composed only when nothing invisible stands in between.
  const clean = tidy(visibleText(last, maxRead).normalize('NFC'))
  if (clean === '') return '_'
  const [stem, suffix] = parts(device.test(clean) ? `_${clean}` : clean)
  return `${shortened(stem, maxFileNameBytes - utf8(suffix).length)}${suffix}`
}

/** A clean name with a number before its suffix, still clean. Names that differ only where they are cut are one after it. @param number at most 7 digits. */
export function numberedName(name: string, number: number): string {
  const [stem, suffix] = parts(name)
  const short = shortened(stem, maxFileNameBytes - utf8(suffix).length - numberBytes).trimEnd()
  return `${short} (${number})${suffix}`
}

/** Equal for names that some file system takes for one: composed, and of one case, by full case folding as good as the platform's letters allow. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function parts(clean: string): readonly [stem: string, suffix: string] {
  const dot = clean.lastIndexOf('.')
  const at = dot > 0 && clean.length - dot <= maxSuffix ? dot : clean.length
  return [clean.slice(0, at), clean.slice(at)]
}

function tidy(text: string): string {
  return text.replace(forbidden, '_').replace(edges, '')
}

/** Cut between two characters. */
function shortened(text: string, maxBytes: number): string {
  if (3 * text.length <= maxBytes || utf8(text).length <= maxBytes) return text
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += utf8(character).length
    if (bytes > maxBytes) break
    end += character.length
  }
  return text.slice(0, end).replace(edges, '')
}
