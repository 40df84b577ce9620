import { visibleText } from '../../codec/index.ts'
import { maxFileName } from './limits.ts'

/** Halves of characters, which a cut leaves and no file system takes. */
const halves = /\p{Cs}/gu
const separators = /^.*[/\\]/su
/** What some file system forbids or takes for something else. */
const forbidden = /[<>:"|?*%~]/gu
const edges = /^[. ]+|[. ]+$/gu
/** Names that Windows takes for devices, whatever follows the dot, with spaces before it and with raised digits too. */
const device = /^(?:con|conin\$|conout\$|prn|aux|nul|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/iu
const maxExtension = 12

/**
 * The name of a file as it is safe to show and to save under: no path, nothing invisible, no direction of writing that would hide the real ending, nothing that a
 * file system takes for something else. The same for a name that is safe already. Empty when nothing is left.
 */
export function fileName(written: string): string {
  const whole = written.slice(0, 4_096).replace(halves, '')
  // What is composed is composed only when nothing invisible stands in between.
  const clean = tidy(visibleText(whole.replace(separators, ''), 4_096).normalize('NFC'))
  const dot = clean.lastIndexOf('.')
  const extension = dot > 0 && clean.length - dot <= maxExtension ? clean.slice(dot) : ''
  const short = tidy(visibleText(clean.slice(0, clean.length - extension.length), maxFileName - extension.length - 1))
  const name = `${short}${extension}`
  return device.test(name) ? `_${name}` : name
}

function tidy(text: string): string {
  return text.replace(forbidden, '_').replace(edges, '')
}
