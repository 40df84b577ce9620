import { Store, type Readable } from '../state/index.ts'
import { roadNames, type RoadChoice } from './roads.ts'
import { fromBytes, slotNames, toBytes, type Keeper } from './vault/index.ts'

export type Theme = 'system' | 'light' | 'dark'

/** What this user chose on this device. A device id of `undefined` is the system's default. */
export interface PreferencesValue {
  readonly name: string
  readonly theme: Theme
  readonly microphoneId: string | undefined
  readonly cameraId: string | undefined
  readonly speakerId: string | undefined
  readonly microphoneOn: boolean
  readonly cameraOn: boolean
  /** Single-letter shortcuts in a call. */
  readonly shortcuts: boolean
  readonly road: RoadChoice
}

/** As long as a name in a room may be, in UTF-16 units. */
export const maxNameLength = 64
const slot = 'p2pigeon.preferences'
const initial: PreferencesValue = {
  name: '',
  theme: 'system',
  microphoneId: undefined,
  cameraId: undefined,
  speakerId: undefined,
  microphoneOn: true,
  cameraOn: true,
  shortcuts: true,
  road: 'automatic',
}

export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * Choices that outlive the page. The name is kept sealed; what a lock page needs as well, such as its colours, is not. Storage that
 * refuses is no fault: the choice then lasts as long as the page.
 */
export class Preferences {
  readonly #value: Store<PreferencesValue>
  readonly #storage: KeyValueStorage | undefined
  readonly #keeper: Pick<Keeper, 'read' | 'write'>
  readonly #loaded: Promise<void>
  #isNamed = false

  constructor(storage: KeyValueStorage | undefined, keeper: Pick<Keeper, 'read' | 'write'>) {
    this.#storage = storage
    this.#keeper = keeper
    this.#value = new Store(read(storage))
    this.#loaded = this.#load().catch(() => undefined)
  }

  get value(): Readable<PreferencesValue> {
    return this.#value
  }

  /** Resolves once the name is there. */
  get loaded(): Promise<void> {
    return this.#loaded
  }

  change(part: Partial<PreferencesValue>): void {
    this.#value.update((value) => ({ ...value, ...part }))
    this.#store()
    if (part.name === undefined) return
    this.#isNamed = true
    // A disk that takes nothing more: nothing a person has to hear about.
    this.#keeper.write(slotNames.profile, toBytes({ name: this.#value.get().name })).catch(() => undefined)
  }

  async #load(): Promise<void> {
    const kept = fromBytes(await this.#keeper.read(slotNames.profile)) as { readonly name: string } | undefined
    if (this.#isNamed) return
    const { name } = this.#value.get()
    if (kept) this.#value.update((value) => ({ ...value, name: kept.name }))
    // Version 1 kept the name in the open.
    else if (name !== '') this.change({ name })
    else return
    this.#store()
  }

  #store(): void {
    const { name: _sealed, ...open } = this.#value.get()
    try {
      this.#storage?.setItem(slot, JSON.stringify(open))
    } catch {
      // Full or forbidden storage: nothing a person has to hear about.
    }
  }
}

function read(storage: KeyValueStorage | undefined): PreferencesValue {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(slot) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return initial
    const text = (key: string): string | undefined => {
      const value = (stored as Record<string, unknown>)[key]
      return typeof value === 'string' && value !== '' ? value : undefined
    }
    const theme = text('theme')
    return {
      name: (text('name') ?? '').slice(0, maxNameLength),
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      microphoneId: text('microphoneId'),
      cameraId: text('cameraId'),
      speakerId: text('speakerId'),
      microphoneOn: (stored as Record<string, unknown>)['microphoneOn'] !== false,
      cameraOn: (stored as Record<string, unknown>)['cameraOn'] !== false,
      shortcuts: (stored as Record<string, unknown>)['shortcuts'] !== false,
      road: roadNames.find((name) => name === text('road')) ?? 'automatic',
    }
  } catch {
    return initial
  }
}
