import { FileNameLine } from '../../../ui/files/index.ts'
import { filesText as words } from '../../../text/conversations/index.ts'
import { cleanText } from '../../../ui/messages/index.ts'

/** The name of a file, or that it has none. */
export function FileName({ name, className }: { readonly name: string; readonly className?: string }) {
  return <FileNameLine name={cleanText(name) || words.unnamed} {...(className !== undefined && { className })} />
}
