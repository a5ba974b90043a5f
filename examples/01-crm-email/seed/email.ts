// The e-mail platform's side: members as they typed themselves into a form, and as imports left them.
import type { Chance } from "./chance.ts"
import { NICKNAMES } from "./names.ts"
import type { Person } from "./person.ts"
import { phoneOf, written } from "./places.ts"

export interface Member {
  readonly email_address: string
  readonly status: "subscribed" | "unsubscribed" | "cleaned"
  readonly merge_fields: Readonly<Record<string, string>>
  readonly tags: readonly string[]
}

const swapCase = (text: string): string =>
  [...text].map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase())).join("")

interface Spelling {
  readonly given: string
  readonly family: string
}

/** Mostly as in the CRM; now and then in Latin letters, by a nickname, or with the caps lock on. */
const spellingOf = (chance: Chance, { given, family }: Person): Spelling => {
  const draw = chance.below(100)
  if (draw < 9) return { given: given.latin, family: family.latin }
  if (draw < 14) return { given: NICKNAMES[given.native] ?? given.native, family: family.native }
  if (draw < 16) return { given: swapCase(given.native), family: swapCase(family.native) }
  if (draw < 19) return { given: given.native.toLowerCase(), family: family.native.toLowerCase() }
  if (draw < 23) return { given: given.native, family: "" }
  if (draw < 26) return { given: given.native.normalize("NFD"), family: family.native.normalize("NFD") }
  return { given: given.native, family: family.native }
}

const statusOf = (chance: Chance, person: Person): Member["status"] => {
  const draw = chance.below(100)
  if (draw < 2) return "cleaned"
  // Most systems have heard of most opt-outs; the rest is why people want them kept in step.
  if (person.optedOut || person.stage === "lost") return chance.percent(85) ? "unsubscribed" : "subscribed"
  return draw < 8 ? "unsubscribed" : "subscribed"
}

const ownTags = ["newsletter", "opened-5", "mobile", "podcast", "double opt-in"]

export const memberOf = (chance: Chance, person: Person): Member => {
  const spelling = spellingOf(chance, person)
  const number = person.phone === null ? null : chance.percent(4) ? phoneOf(chance) : person.phone
  return {
    email_address: chance.percent(5) ? person.email.toUpperCase() : person.email,
    status: statusOf(chance, person),
    merge_fields: {
      FNAME: spelling.given,
      LNAME: spelling.family,
      COMPANY: chance.percent(80) ? (person.company?.name ?? "") : "",
      ...(number !== null && chance.percent(35) ? { PHONE: written(chance, number) } : {}),
    },
    tags: [...new Set([...(chance.percent(60) ? person.tags : []), ...chance.some(ownTags, chance.below(3))])],
  }
}

const inbox = (email_address: string, FNAME: string): Member => ({
  email_address,
  status: "subscribed",
  merge_fields: { FNAME, LNAME: "", COMPANY: "" },
  tags: ["newsletter"],
})

/** Addresses that several contacts of the CRM share. */
export const sharedMembers: readonly Member[] = [inbox("info@harbour-pine.example", "Harbour & Pine"), inbox("sales@nordlicht.example", "")]

/** Longer than the platform keeps. */
export const LONG_TAG = "signed up on the landing page of the spring campaign (variant B, mobile)"
