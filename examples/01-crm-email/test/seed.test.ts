// The committed people are what the script writes, and are as mixed as the stories say.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import type { Contact } from "../seed/crm.ts"
import type { Member } from "../seed/email.ts"
import { generate } from "../seed/generate.ts"
import type { Dates } from "../seed/moment.ts"

const committed = (name: string): string => readFileSync(new URL(`../seed/${name}`, import.meta.url), "utf8")

const contacts: readonly (Contact & Dates)[] = JSON.parse(committed("crm.json"))
const members: readonly (Member & { readonly last_changed: string })[] = JSON.parse(committed("email.json"))
const keyOf = (email: string | null | undefined): string => (email ?? "").trim().toLowerCase()

describe("the people of the demo", () => {
  it("are written by the script, byte for byte", () => {
    const files = generate()
    expect(committed("crm.json") === files["crm.json"]).toBe(true)
    expect(committed("email.json") === files["email.json"]).toBe(true)
  })

  it("are other people with another seed", () => {
    expect(generate(7)["crm.json"] === committed("crm.json")).toBe(false)
  })

  it("are about five hundred, most of them in both systems", () => {
    const inCrm = new Set(contacts.map(({ email }) => keyOf(email)))
    const inBoth = members.filter(({ email_address }) => inCrm.has(keyOf(email_address)))
    expect({ crm: contacts.length, email: members.length, both: inBoth.length }).toEqual({ crm: 480, email: 400, both: 368 })
  })

  it("write in many scripts, in both Unicode forms", () => {
    const names = contacts.map(({ first_name, last_name }) => `${first_name ?? ""} ${last_name ?? ""}`)
    for (const script of [
      "Latin",
      "Cyrillic",
      "Greek",
      "Arabic",
      "Hebrew",
      "Devanagari",
      "Han",
      "Hiragana",
      "Katakana",
      "Hangul",
      "Thai",
    ]) {
      expect(
        names.some((name) => new RegExp(`\\p{Script=${script}}`, "u").test(name)),
        script,
      ).toBe(true)
    }
    expect(names.some((name) => name !== name.normalize("NFC"))).toBe(true)
    expect(names.some((name) => name !== name.normalize("NFD"))).toBe(true)
  })

  it("have a history that ended before any story begins", () => {
    const latest = [...contacts.map(({ updated_at }) => updated_at), ...members.map(({ last_changed }) => last_changed)].toSorted().at(-1)
    expect(latest !== undefined && latest < "2026-11-01").toBe(true)
    expect(contacts.filter(({ created_at, updated_at }) => updated_at < created_at)).toEqual([])
  })

  it("use only domains that belong to nobody", () => {
    const hosts = [...contacts.map(({ email }) => keyOf(email)), ...members.map(({ email_address }) => keyOf(email_address))]
      .filter((email) => /^[^@]+@[^@]+$/.test(email))
      .map((email) => email.split("@")[1] ?? "")
    expect(hosts.filter((host) => !/^(?:example\.(?:com|org|net)|[a-z0-9-]+\.example)$/.test(host))).toEqual([])
  })

  it("have unique ids, a few shared addresses and a few that no mail could reach", () => {
    expect(new Set(contacts.map(({ id }) => id)).size).toBe(contacts.length)
    const claims = Map.groupBy(contacts, ({ email }) => keyOf(email))
    expect(
      [...claims]
        .filter(([email, who]) => email !== "" && who.length > 1)
        .map(([email]) => email)
        .toSorted(),
    ).toEqual(["info@harbour-pine.example", "office@tworivers.example", "sales@nordlicht.example"])
    expect(contacts.filter(({ email }) => !/^[^@\s]+@[^@\s]+\.[a-z]+$/.test(keyOf(email)))).toHaveLength(7)
  })
})
