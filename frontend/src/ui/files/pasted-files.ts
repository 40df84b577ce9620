/** Files of a paste that is not text: what is copied from a table comes as a picture too, and is meant as text. */
export function pastedFiles(clipboard: Pick<DataTransfer, 'files' | 'types'>): readonly File[] {
  return clipboard.types.includes('text/plain') ? [] : [...clipboard.files]
}
