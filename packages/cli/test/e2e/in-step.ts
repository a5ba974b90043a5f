// Whether both systems hold the same people, judged from outside: what each shows by its own API, field by field.
// Every difference in words; none means in step.
import { isObject } from "@syncline/connector"
import type { Item } from "./people.ts"

const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "")
const sorted = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String).toSorted() : [])

/** What a CRM contact means, in words that both systems share. */
const contact = (item: Item): Readonly<Record<string, unknown>> => ({
  given: text(item["first_name"]),
  family: text(item["last_name"]),
  phone: text(item["phone"]),
  company: text(isObject(item["account"]) ? item["account"]["name"] : ""),
  tags: sorted(item["labels"]),
  out: item["stage"] === "lost" || item["email_opt_out"] === true,
})

const member = (item: Item): Readonly<Record<string, unknown>> => {
  const merge = isObject(item["merge_fields"]) ? item["merge_fields"] : {}
  return {
    given: text(merge["FNAME"]),
    family: text(merge["LNAME"]),
    phone: text(merge["PHONE"]),
    company: text(merge["COMPANY"]),
    tags: sorted(item["tags"]),
    out: item["status"] !== "subscribed",
  }
}

export const contactAddress = (item: Item): string => text(item["email"]).toLowerCase()
export const memberAddress = (item: Item): string => text(item["email_address"]).toLowerCase()

function byAddress(items: readonly Item[], addressOf: (item: Item) => string, where: string, found: string[]): ReadonlyMap<string, Item> {
  const map = new Map<string, Item>()
  for (const item of items) {
    const address = addressOf(item)
    if (map.has(address)) found.push(`${address} is twice in ${where}`)
    map.set(address, item)
  }
  return map
}

export function outOfStep(crm: readonly Item[], email: readonly Item[]): readonly string[] {
  const found: string[] = []
  const contacts = byAddress(crm, contactAddress, "crm", found)
  const members = byAddress(email, memberAddress, "email", found)
  for (const [address, item] of contacts) {
    const other = members.get(address)
    const here = contact(item)
    if (other === undefined) {
      // who never was a member and wants no mail is not made one
      if (here["out"] === false) found.push(`${address} is missing in email`)
      continue
    }
    const there = member(other)
    for (const [field, value] of Object.entries(here)) {
      if (JSON.stringify(value) !== JSON.stringify(there[field]))
        found.push(`${address}: ${field} is ${JSON.stringify(value)} in crm, ${JSON.stringify(there[field])} in email`)
    }
  }
  for (const address of members.keys()) if (!contacts.has(address)) found.push(`${address} is missing in crm`)
  return found
}
