/**
 * Purpose. Files on the page, wherever they are attached: choosing, dropping and pasting them, and one in a line.
 * Promises. The ending of a name is never cut off; a drop or a paste hands files over and does nothing else.
 * Does not. Hold product words, read files or believe what is said of them.
 * May import. react, lucide-react, ui.
 */
export { AttachButton } from './AttachButton.tsx'
export { DropGround } from './DropGround.tsx'
export { FileIcon } from './FileIcon.tsx'
export { FileNameLine } from './FileNameLine.tsx'
export { FileRow } from './FileRow.tsx'
export { pastedFiles } from './pasted-files.ts'
export { percent } from './percent.ts'
export { Progress } from './Progress.tsx'
