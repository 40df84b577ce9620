import type { Contact, ContactRequest, IdentityId, IdentityRecord, RequestList } from '@p2pigeon/core/people'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import type { PeopleCore } from '../manager.ts'
import { slotNames } from '../vault/index.ts'
import { missedCalls, withMissed, type CallSettings } from './call-settings.ts'
import type { Contacts } from './contacts.ts'
import type { MissedCall } from './direct-calls.ts'
import { SealedValue, type SealedPorts } from './sealed-value.ts'

export interface InboxPorts extends SealedPorts {
  readonly lib: PeopleCore
  readonly settings: SealedValue<CallSettings>
  readonly now: () => number
}

/** What waits for the user: requests of people who are no contacts, and missed calls. */
export class Inbox {
  readonly #ports: InboxPorts
  readonly #requests: SealedValue<RequestList>
  readonly #missed: SealedValue<readonly MissedCall[]>
  readonly #waiting = new Store(0)

  constructor(ports: InboxPorts) {
    this.#ports = ports
    const { lib } = ports
    this.#requests = new SealedValue<RequestList>(ports, {
      slot: slotNames.requests,
      initial: lib.noRequests,
      encode: lib.encodeRequests,
      decode: lib.decodeRequests,
    })
    this.#missed = new SealedValue(ports, missedCalls)
  }

  /** The latest first. */
  readonly requests: Readable<readonly ContactRequest[]> = {
    get: () => this.#requests.value.get().requests,
    subscribe: (changed) => this.#requests.value.subscribe(changed),
  }

  /** The latest first. */
  get missed(): Readable<readonly MissedCall[]> {
    return this.#missed.value
  }

  /** How many of both nobody has looked at yet. */
  get waiting(): Readable<number> {
    return this.#waiting
  }

  /** @throws the codes of core for a list that cannot be read. */
  async open(): Promise<Undo> {
    await Promise.all([this.#requests.loaded, this.#missed.loaded])
    const count = (): void => this.#count()
    const { settings } = this.#ports
    const undoings = [
      ...[this.#requests, this.#missed].map((value) => value.follow()),
      ...[this.#requests, this.#missed, settings].map(({ value }) => value.subscribe(count)),
    ]
    count()
    return () => undoings.forEach((undo) => undo())
  }

  /** The user has seen what waits. */
  async looked(): Promise<void> {
    await this.#ports.settings.change((settings) => ({ ...settings, lookedAtMs: this.#ports.now() }))
  }

  /** Somebody asks. A contact whose keys have changed does not ring either: that is a missed call. */
  async note(request: { readonly record: IdentityRecord; readonly name: string }, contacts: Contacts): Promise<void> {
    const contact = contacts.behind(request.record.id)
    const atMs = this.#ports.now()
    if (contact) await this.noteMissed({ id: contact.id, video: false, atMs })
    else
      await this.#requests.change((list) => this.#ports.lib.noteRequest(list, contacts.book.get(), request, atMs).list)
  }

  async noteMissed(call: MissedCall): Promise<void> {
    await this.#missed.change((calls) => withMissed(calls, call))
  }

  /** All of them without a time. */
  async forgetMissed(atMs: number | undefined): Promise<void> {
    await this.#missed.change((calls) => calls.filter((call) => atMs !== undefined && call.atMs !== atMs))
  }

  /** Somebody has become a contact, or is not wanted. */
  async drop(id: IdentityId): Promise<void> {
    await this.#requests.change((list) => this.#ports.lib.dropRequest(list, id))
  }

  /** `undefined` for a request that is gone. @throws as adding a contact does. */
  async accept(id: IdentityId, contacts: Contacts): Promise<Contact | undefined> {
    const request = this.#request(id)
    return request && contacts.add(request, 'link')
  }

  /** Resolves with the way back. */
  async decline(id: IdentityId): Promise<() => Promise<void>> {
    const request = this.#request(id)
    await this.drop(id)
    const { dropRequest, maxRequests } = this.#ports.lib
    return async () => {
      if (!request) return
      await this.#requests.change((list) => ({
        ...list,
        requests: [request, ...dropRequest(list, id).requests].slice(0, maxRequests),
      }))
    }
  }

  /** Whoever is blocked is remembered for it. */
  async block(id: IdentityId, contacts: Contacts): Promise<void> {
    if (await this.accept(id, contacts)) await contacts.block(id, true)
  }

  #request(id: IdentityId): ContactRequest | undefined {
    return this.requests.get().find(({ record }) => record.id === id)
  }

  #count(): void {
    const { lookedAtMs } = this.#ports.settings.value.get()
    const requests = this.requests.get().filter(({ lastAtMs }) => lastAtMs > lookedAtMs)
    const missed = this.missed.get().filter(({ atMs }) => atMs > lookedAtMs)
    this.#waiting.set(requests.length + missed.length)
  }
}
