/** Controls, line breaks, bidi overrides and zero-width characters: a text must not imitate another or the page around it. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu
/** The same without what Unicode has not assigned: that depends on the platform's version, and so cannot be a rule of a wire format. */
const forbidden = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u

/** The text as it is safe to show: one line, nothing invisible, at most `maxLength` characters. May be empty. */
export function visibleText(written: string, maxLength: number): string {
  return short(tidy(written.replace(invisible, '')), maxLength)
}

/** True for a text that is not empty and that `visibleText` leaves as it is, except for characters younger than this platform. */
export function isVisibleText(text: string, maxLength: number): boolean {
  return text !== '' && !forbidden.test(text) && short(tidy(text), maxLength) === text
}

function tidy(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}

function short(text: string, maxLength: number): string {
  return [...text].slice(0, maxLength).join('').trim()
}
