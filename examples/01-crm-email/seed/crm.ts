// The CRM's side: contacts as a sales team leaves them, with the odd phones, shouted addresses and shared inboxes.
import type { Chance } from "./chance.ts"
import { written, ODD_PHONES, COMPANIES } from "./places.ts"
import type { Person, Stage } from "./person.ts"

export interface Contact {
  readonly id: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email?: string | null
  readonly phone?: string | null
  readonly account: { readonly name: string | null }
  readonly labels: readonly string[]
  readonly stage: Stage
  readonly email_opt_out: boolean
}

const ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"

/** Opaque, as a CRM's ids are. */
export const idOf = (chance: Chance): string => `con_${Array.from({ length: 10 }, () => ALPHABET[chance.below(ALPHABET.length)]).join("")}`

const shout = (chance: Chance, email: string): string => {
  const draw = chance.below(100)
  if (draw < 4) return email.toUpperCase()
  if (draw < 8) return email.replace(/^./, (letter) => letter.toUpperCase())
  if (draw < 9) return ` ${email}`
  if (draw < 10) return `${email}  `
  return email
}

export const contactOf = (chance: Chance, person: Person): Contact => {
  const form = chance.percent(4) ? "NFD" : "NFC"
  return {
    id: idOf(chance),
    first_name: person.given.native.normalize(form),
    last_name: person.family.native.normalize(form),
    email: shout(chance, person.email),
    phone: person.phone === null ? chance.pick([null, null, ""]) : written(chance, person.phone),
    account: { name: person.company?.name ?? null },
    labels: person.tags,
    stage: person.stage,
    email_opt_out: person.optedOut,
  }
}

const inbox = (chance: Chance, email: string, first: string, last: string, company: string): Contact => ({
  id: idOf(chance),
  first_name: first,
  last_name: last,
  email,
  phone: null,
  account: { name: company },
  labels: [],
  stage: "customer",
  email_opt_out: false,
})

/** Several people behind one address: nobody can say who is who. */
export const sharedInboxes = (chance: Chance): readonly Contact[] => [
  inbox(chance, "info@harbour-pine.example", "Grace", "Holt", "Harbour & Pine"),
  inbox(chance, "Info@Harbour-Pine.example", "Walter", "Penn", "Harbour & Pine"),
  inbox(chance, "office@tworivers.example", "Front", "Desk", "Two Rivers Credit Union"),
  inbox(chance, "office@tworivers.example", "Hannah", "Carver", "Two Rivers Credit Union"),
  inbox(chance, "sales@nordlicht.example", "Söhnke", "Jäger", "Nordlicht Werkzeuge GmbH"),
  inbox(chance, "sales@nordlicht.example", "Soehnke", "Jaeger", "Nordlicht"),
]

/** One person behind a company's address: unusual, and fine. */
export const lonelyInboxes = (chance: Chance): readonly Contact[] =>
  COMPANIES.filter((_, at) => at % 9 === 4).map(({ name, domain }) => inbox(chance, `info@${domain}`, "", "", name))

const invalid = (chance: Chance, first: string, last: string, email: string | null | undefined): Contact => ({
  id: idOf(chance),
  first_name: first,
  last_name: last,
  ...(email === undefined ? {} : { email }),
  account: { name: null },
  labels: ["import 2019"],
  stage: "lead",
  email_opt_out: false,
})

/** Nobody could write to these. */
export const invalidContacts = (chance: Chance): readonly Contact[] => [
  invalid(chance, "Abigail", "Lovell", undefined),
  invalid(chance, "Ramón", "Rey", null),
  invalid(chance, "Δανάη", "Ζαχαρίας", ""),
  invalid(chance, "Oliver", "Vance", "oliver.vance(at)example.com"),
  invalid(chance, "Lucía", "Muñoz", "lucia@@example.org"),
  invalid(chance, "健太", "鈴木", "kenta.suzuki@"),
  invalid(chance, "Test", "Test", "asdf"),
]

/** Long past what any form expects. */
const LONG_LABEL = "met at the joint stand of the regional chamber of commerce in hall 4, wants a call back in spring"

/** Spread over contacts that are otherwise fine. */
export const withOddities = (contacts: readonly Contact[]): readonly Contact[] =>
  contacts.map((contact, at) => {
    const phone = at % 29 === 7 ? ODD_PHONES[(at - 7) / 29] : undefined
    const odd: Contact = phone === undefined ? contact : { ...contact, phone }
    if (at % 97 === 11) return { ...odd, labels: [...odd.labels, LONG_LABEL] }
    if (at === 150) return { ...odd, labels: ["🌸", 'say "hello", please', "a;b"] }
    if (at === 160) return { ...odd, first_name: `  ${odd.first_name ?? ""}`, last_name: `${odd.last_name ?? ""}\u00a0` }
    if (at === 170) return { ...odd, last_name: "de Orléans e Bragança Saxe-Coburgo-Gotha Wettin Habsburgo-Lorena e Áustria-Toscana" }
    if (at % 83 === 5) return { ...odd, last_name: null }
    return odd
  })
