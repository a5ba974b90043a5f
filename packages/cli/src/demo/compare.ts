// Both systems side by side, read over plain HTTP: what the same person is on either side. Every difference must have a
// reason that `explain` can name.
import { addressOf, textAt, type Item } from "./actors.ts"
import type { Stage } from "./stage.ts"

export interface Difference {
  readonly address: string
  readonly field: string
}

const LOCAL_DIGITS = 9

/** People who are on both sides, and where they differ. */
export async function compareSides(stage: Stage): Promise<{ readonly people: number; readonly differences: readonly Difference[] }> {
  const contacts = uniqueByAddress(await stage.crm.items())
  const members = uniqueByAddress(await stage.email.items())
  const differences: Difference[] = []
  let people = 0
  for (const [address, contact] of contacts) {
    const member = members.get(address)
    if (member === undefined) continue
    people++
    const differ = (field: string, same: boolean): void => {
      if (!same) differences.push({ address, field })
    }
    differ("givenName", textAt(contact, "first_name") === textAt(member, "merge_fields.FNAME"))
    differ("familyName", textAt(contact, "last_name") === textAt(member, "merge_fields.LNAME"))
    differ("consent", optedOut(contact) === (textAt(member, "status") !== "subscribed"))
    differ("tags", tagsOf(contact["labels"]) === tagsOf(member["tags"]))
    differ("phone", digitsOf(textAt(contact, "phone")) === digitsOf(textAt(member, "merge_fields.PHONE")))
  }
  return { people, differences }
}

/** Differences that nothing explains: no open question, nothing held up, no value that means the same. */
export async function unexplained(stage: Stage, differences: readonly Difference[]): Promise<readonly Difference[]> {
  const left: Difference[] = []
  for (const difference of differences) {
    const told = await stage.ask(`explain pipeline.yaml ${difference.address}.${difference.field}`)
    const text = JSON.stringify(told) ?? ""
    const reason = /"status":"open"|"state":"(?:held|blocked)"|"blocked":"/.test(text) || /"quarantine":\[\{/.test(text) || agrees(text)
    if (!reason) left.push(difference)
  }
  return left
}

/** All systems agree in canonical form: only the way it is written differs (a phone with other spaces). */
const agrees = (text: string): boolean => /"state":"agrees"/.test(text) && !/"state":"(?:owed|differs)"/.test(text)

function uniqueByAddress(items: readonly Item[]): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>()
  const several = new Set<string>()
  for (const item of items) {
    const address = addressOf(item)
    if (found.has(address)) several.add(address)
    found.set(address, item)
  }
  for (const address of several) found.delete(address)
  return found
}

const optedOut = (contact: Item): boolean => contact["stage"] === "lost" || contact["email_opt_out"] === true

const tagsOf = (value: unknown): string =>
  Array.isArray(value) ? [...new Set(value.map((tag) => String(tag).slice(0, 50)))].sort().join("|") : ""

/** Without the country's prefix, which only one side may write; what this is too coarse for, the engine is asked. */
const digitsOf = (phone: string): string => phone.replace(/\D/g, "").slice(-LOCAL_DIGITS)
