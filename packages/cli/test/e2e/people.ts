// A town of invented people, the same for the same seed: some in both systems, some in one, with edits that differ.
// Every value is one that both systems can hold, so that afterwards both must show the same.
import type { Json } from "@syncline/connector"

export type Item = { readonly [key: string]: Json }

export interface Town {
  readonly crm: readonly Item[]
  readonly email: readonly Item[]
}

/** A small generator of numbers 0 ≤ x < 1 (mulberry32), enough to shuffle a test with. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const GIVEN = ["Jane", "Amélie", "Søren", "Wei", "Oluwaseun", "María José", "Jürgen", "Александр", "زينب", "D'Arcy"]
const FAMILY = ["Smith", "Müller", "García", "Nguyễn", "Okonkwo", "van der Berg", "Kowalska", "O'Neil"]
const TAGS = ["vip", "newsletter", "trade fair", "événement", "beta"]

export const addressOf = (n: number): string => `person.${n}@town.example`

const at = (random: () => number): string => new Date(1_700_000_000_000 + Math.floor(random() * 50_000_000) * 1000).toISOString()
const pick = <A>(list: readonly A[], random: () => number): A | undefined => list[Math.floor(random() * list.length)]
const phoneOf = (n: number): string => `+1212555${String(1000 + (n % 9000))}`

export function town(size: number, seed = 1, share = { both: 0.4, crm: 0.35 }): Town {
  const random = chance(seed)
  const crm: Item[] = []
  const email: Item[] = []
  for (let n = 1; n <= size; n++) {
    const where = random()
    const name = { given: pick(GIVEN, random) ?? "", family: `${pick(FAMILY, random)} ${n}` }
    const tags = TAGS.filter(() => random() < 0.3)
    const out = random() < 0.1
    if (where < share.both + share.crm) {
      const moment = at(random)
      crm.push({
        first_name: name.given,
        last_name: name.family,
        email: random() < 0.2 ? addressOf(n).toUpperCase() : addressOf(n),
        phone: random() < 0.5 ? phoneOf(n) : null,
        account: { name: `Company ${n % 40}` },
        labels: tags,
        stage: out ? "lost" : "customer",
        created_at: moment,
        updated_at: moment,
      })
    }
    if (where < share.both || where >= share.both + share.crm) {
      email.push({
        email_address: addressOf(n),
        status: out ? "unsubscribed" : "subscribed",
        merge_fields: {
          FNAME: random() < 0.8 ? name.given : `${name.given} B.`,
          LNAME: name.family,
          COMPANY: "",
          PHONE: random() < 0.3 ? phoneOf(n) : "",
        },
        tags: TAGS.filter(() => random() < 0.2),
        last_changed: at(random).replace(/\.\d+Z$/, "Z"),
      })
    }
  }
  return { crm, email }
}
