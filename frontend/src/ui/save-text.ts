/** Hands a text to the browser as a file to keep. */
export function saveText(text: string, name: string): void {
  save(new Blob([text], { type: 'text/plain;charset=utf-8' }), name)
}

/** The same of bytes, which the browser is told nothing about: it shows them nowhere. */
export function saveBytes(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  save(new Blob([bytes], { type: 'application/octet-stream' }), name)
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), keptMs)
}

/** Browsers read the file some time after the click. */
const keptMs = 10_000
