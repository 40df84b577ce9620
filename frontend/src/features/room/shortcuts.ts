export interface Shortcuts {
  readonly microphone: () => void
  readonly camera: () => void
  readonly chat: () => void
  readonly people: () => void
  readonly files: () => void
  readonly close: () => void
}

/** What a key press means in the room; `undefined` when it belongs to something else, above all to typing. */
export function shortcutOf(event: KeyPress, enabled: boolean): keyof Shortcuts | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined
  if (event.overlay) return undefined
  if (event.key === 'Escape') return 'close'
  if (event.typing || !enabled) return undefined
  switch (event.key.toLowerCase()) {
    case 'm':
      return 'microphone'
    case 'v':
      return 'camera'
    case 'c':
      return 'chat'
    case 'p':
      return 'people'
    case 'f':
      return 'files'
    default:
      return undefined
  }
}

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly repeat: boolean
  readonly defaultPrevented: boolean
  /** The key goes into a field. */
  readonly typing: boolean
  /** A menu or a dialog is in front. */
  readonly overlay: boolean
}

/** Reads what `shortcutOf` needs from a real event. */
export function keyPressOf(event: KeyboardEvent): KeyPress {
  const target = event.target instanceof Element ? event.target : undefined
  const { key, ctrlKey, metaKey, altKey, repeat, defaultPrevented } = event
  return {
    ...{ key, ctrlKey, metaKey, altKey, repeat, defaultPrevented },
    typing: target?.closest('input, textarea, select, [contenteditable]') != null,
    // What had the keyboard within a dialog may be gone, and then the page has it.
    overlay: target?.closest('[role="menu"], dialog') != null || document.querySelector('dialog:modal') !== null,
  }
}
