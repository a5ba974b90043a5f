// Writes `crm.json` and `email.json`: about 500 people as they are in real life, the same ones on every machine.
// `node examples/01-crm-email/seed/generate.ts` writes them beside this file.
import { writeFileSync } from "node:fs"
import { chanceOf } from "./chance.ts"
import { contactOf, invalidContacts, lonelyInboxes, sharedInboxes, withOddities, type Contact } from "./crm.ts"
import { LONG_TAG, memberOf, sharedMembers, type Member } from "./email.ts"
import { datesOf, lastChangedOf } from "./moment.ts"
import { people } from "./person.ts"

const SEED = 20_261_121
const IN_BOTH = 366
const ONLY_CRM = 97
const ONLY_EMAIL = 32

export interface SeedFiles {
  readonly "crm.json": string
  readonly "email.json": string
}

/** One item a line, so that a change to one person is a change to one line. */
const text = (items: readonly (Contact | Member)[]): string => `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]\n`

/** Systems list people in their own order, never in the other one's. */
const shuffled = <T>(items: readonly T[], seed: number): readonly T[] => {
  const chance = chanceOf(seed)
  return items
    .map((item) => ({ item, at: chance.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

export const generate = (seed = SEED): SeedFiles => {
  const chance = chanceOf(seed)
  const all = people(chance, IN_BOTH + ONLY_CRM + ONLY_EMAIL)
  const contacts = withOddities(all.slice(0, IN_BOTH + ONLY_CRM).map((person) => contactOf(chance, person)))
  const members = [...all.slice(0, IN_BOTH), ...all.slice(IN_BOTH + ONLY_CRM)].map((person) => memberOf(chance, person))
  const crm = [...contacts, ...sharedInboxes(chance), ...lonelyInboxes(chance), ...invalidContacts(chance)]
  const email = [...members.map((member, at) => (at === 40 ? { ...member, tags: [...member.tags, LONG_TAG] } : member)), ...sharedMembers]
  const history = chanceOf(seed + 3)
  const dates = crm.map(() => datesOf(history))
  const datedCrm = crm.map((contact, at) => ({ ...contact, ...dates[at] }))
  // The first of both lists are the same people.
  const datedEmail = email.map((member, at) => ({ ...member, last_changed: lastChangedOf(history, at < IN_BOTH ? dates[at] : undefined) }))
  return { "crm.json": text(shuffled(datedCrm, seed + 1)), "email.json": text(shuffled(datedEmail, seed + 2)) }
}

if (import.meta.main) {
  for (const [name, content] of Object.entries(generate())) writeFileSync(new URL(name, import.meta.url), content)
}
