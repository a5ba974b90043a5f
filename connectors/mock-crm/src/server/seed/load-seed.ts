// Puts seed contacts into the store, all in one transaction.
import type { Store } from "../store/store.ts"
import type { NewContact } from "../store/contact-writer.ts"
import { SeedError } from "./seed-contact.ts"

export const loadSeed = (store: Store, contacts: readonly NewContact[], source: string): void => {
  const now = store.clock.now()
  store.db
    .transaction(() => {
      const ids = contacts.flatMap((contact) => (contact.id === undefined ? [] : [contact.id]))
      const taken = ids.length === 0 ? undefined : store.contacts.byIds(ids)[0]
      if (taken)
        throw new SeedError(source, contacts.findIndex((contact) => contact.id === taken.id) + 1, "id", `${taken.id} is taken already`)
      for (const contact of contacts) store.writer.insert(contact, now)
    })
    .immediate()
}
