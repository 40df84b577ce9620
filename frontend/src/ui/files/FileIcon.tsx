import { File, FileArchive, FileHeadphone, FileImage, FileText, FileVideoCamera, type LucideIcon } from 'lucide-react'
import { fileKind, type FileKind } from './file-kind.ts'

const icons: Readonly<Record<FileKind, LucideIcon>> = {
  picture: FileImage,
  film: FileVideoCamera,
  sound: FileHeadphone,
  text: FileText,
  archive: FileArchive,
  other: File,
}

/** What a file is said to be. */
export function FileIcon({ type, size }: { readonly type: string; readonly size: number }) {
  const Icon = icons[fileKind(type)]
  return <Icon size={size} strokeWidth={1.75} aria-hidden className="shrink-0 text-accent" />
}
