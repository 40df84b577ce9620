/** The file that was chosen. The field forgets it: browsers say nothing of the same file chosen twice in a row. */
export function takenFrom(field: Pick<HTMLInputElement, 'files' | 'value'>): File | undefined {
  const file = field.files?.[0]
  field.value = ''
  return file
}
