import { Store, type Readable } from '../state/index.ts'

/** A line for the live region. */
export interface Announcement {
  readonly id: number
  readonly text: string
}

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'fault'
  readonly action: { readonly label: string; readonly run: () => void } | undefined
}

/** Enough to catch up on, few enough to read. */
export const maxAnnouncements = 5
export const maxToasts = 3
const toastMs = 5_000
const actionToastMs = 9_000

/** What is said in passing: spoken by the live region, and shown where it helps. */
export class Notices {
  readonly #announcements = new Store<readonly Announcement[]>([])
  readonly #toasts = new Store<readonly Toast[]>([])
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()
  #next = 1

  get announcements(): Readable<readonly Announcement[]> {
    return this.#announcements
  }

  get toasts(): Readable<readonly Toast[]> {
    return this.#toasts
  }

  announce(text: string): void {
    const line = { id: this.#next++, text }
    this.#announcements.update((lines) => [...lines, line].slice(-maxAnnouncements))
  }

  /** Shows a toast and announces the same words. */
  toast(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): void {
    this.announce(text)
    const toast: Toast = { id: this.#next++, text, tone: options.tone ?? 'plain', action: options.action }
    this.#toasts.update((toasts) => [...toasts.filter((other) => other.text !== text), toast].slice(-maxToasts))
    this.resume(toast.id)
  }

  dismiss(id: number): void {
    this.hold(id)
    this.#toasts.update((toasts) => toasts.filter((toast) => toast.id !== id))
  }

  /** Stops the clock of a toast that is being read or pointed at. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
  }

  resume(id: number): void {
    const toast = this.#toasts.get().find((other) => other.id === id)
    if (!toast) return
    this.hold(id)
    const timer = setTimeout(() => this.dismiss(id), toast.action ? actionToastMs : toastMs)
    this.#timers.set(id, timer)
  }

  /** Forgets everything said, e.g. when a call ends. */
  quiet(): void {
    this.#announcements.set([])
  }
}
