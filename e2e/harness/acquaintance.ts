import type { Person } from './person.ts'

/** Both have been in a call before, and each has the other as a contact. */
export async function acquainted(ada: Person, ben: Person): Promise<void> {
  await ada.toContacts()
  await ben.toContacts()
  const [adasCard, bensCard] = [await ada.contactLink(), await ben.contactLink()]
  await ada.addContact(bensCard, 'Ben')
  await ben.addContact(adasCard, 'Ada')
}
