/**
 * Purpose. The visual language: presentational parts that know neither rooms nor sessions.
 * Promises. Each part works by keyboard, in light and dark, and under `style-src 'self'` (no injected style elements).
 * Does not. Hold product words or state that outlives a render.
 * May import. react, lucide-react.
 */
export { Avatar } from './Avatar.tsx'
export { Banner, type BannerTone } from './Banner.tsx'
export { Button, IconButton, type ButtonProps, type ButtonTone, type IconButtonProps } from './Button.tsx'
export { RadioGroup, Switch, type RadioChoice } from './Choices.tsx'
export { cx } from './cx.ts'
export { droppedEntries } from './dropped-entries.ts'
export { Disclosure } from './Disclosure.tsx'
export { SelectField, TextField } from './Field.tsx'
export { LevelBar } from './LevelBar.tsx'
export { PigeonMark, Wordmark } from './Logo.tsx'
export { LinkByHand } from './LinkByHand.tsx'
export { Modal } from './Modal.tsx'
export { MessagePage } from './Page.tsx'
export { saveBytes, saveText } from './save-text.ts'
export { Spinner } from './Spinner.tsx'
export { Tabs, type Tab } from './Tabs.tsx'
export { Video } from './Video.tsx'
