/** Hands a file to the browser to be saved. */
export function download(file: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([file], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by the next turn; revoking in this one would be too early for some.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
