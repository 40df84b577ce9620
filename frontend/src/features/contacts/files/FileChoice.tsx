import { useRef } from 'react'
import { FileUp } from 'lucide-react'
import { Button } from '../../../ui/index.ts'
import { contactsText as words } from '../../../text/contacts/index.ts'

/** No file of ours is larger: what a browser would have to read in vain stays outside. */
const maxFileBytes = 32 * 2 ** 20

/** A button that lets the browser ask for a file. */
export function FileChoice({ choose }: { readonly choose: (file: Uint8Array) => void }) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button tone="primary" onClick={() => field.current?.click()}>
        <FileUp size={18} aria-hidden /> {words.files.choose}
      </Button>
      <input
        ref={field}
        type="file"
        hidden
        aria-label={words.files.choose}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          // A file that cannot be read, or is too large, is none of ours: an empty one says so.
          if (file) void read(file).then(choose)
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

function read(file: File): Promise<Uint8Array> {
  if (file.size > maxFileBytes) return Promise.resolve(new Uint8Array())
  return file.arrayBuffer().then(
    (bytes) => new Uint8Array(bytes),
    () => new Uint8Array(),
  )
}
