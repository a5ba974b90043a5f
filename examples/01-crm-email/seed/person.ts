// One invented person: who they are, before any system has written it down in its own way.
import type { Chance } from "./chance.ts"
import { CULTURES, type Culture, type Name } from "./names.ts"
import { COMPANIES, phoneOf, type Company, type Phone } from "./places.ts"

export type Stage = "lead" | "customer" | "lost" | "partner"

export interface Person {
  readonly number: number
  readonly given: Name
  readonly family: Name
  /** Lower case, unique. */
  readonly email: string
  readonly company: Company | null
  readonly phone: Phone | null
  readonly stage: Stage
  readonly optedOut: boolean
  readonly tags: readonly string[]
}

const TAGS = [
  "newsletter",
  "vip",
  "trade fair 2025",
  "webinar",
  "beta",
  "reseller",
  "press",
  "référence",
  "キャンペーン",
  "événement",
  "spring-sale",
  "wholesale",
]

const cultureOf = (chance: Chance): Culture => {
  const all = Object.values(CULTURES)
  let left = chance.below(all.reduce((sum, { weight }) => sum + weight, 0))
  for (const one of all) {
    if (left < one.weight) return one
    left -= one.weight
  }
  throw new Error("weights do not add up")
}

const stageOf = (chance: Chance): Stage => {
  const draw = chance.below(100)
  return draw < 40 ? "lead" : draw < 85 ? "customer" : draw < 94 ? "lost" : "partner"
}

const addressOf = (chance: Chance, given: Name, family: Name, company: Company | null, taken: Set<string>): string => {
  const first = given.latin.toLowerCase().replaceAll(/[^a-z0-9-]/g, "")
  const last = family.latin.toLowerCase().replaceAll(/[^a-z0-9-]/g, "")
  const local = chance.pick([`${first}.${last}`, `${first}.${last}`, `${first[0] ?? ""}${last}`, `${first}_${last}`, `${last}.${first}`])
  const host =
    company !== null && chance.percent(75) ? company.domain : chance.pick(["example.com", "example.com", "example.org", "example.net"])
  let email = `${local}@${host}`
  for (let count = 2; taken.has(email); count += 1) email = `${local}${count}@${host}`
  taken.add(email)
  return email
}

export const people = (chance: Chance, count: number): readonly Person[] => {
  const taken = new Set<string>()
  return Array.from({ length: count }, (_, at): Person => {
    const culture = cultureOf(chance)
    const given = chance.pick(culture.given)
    const family = chance.pick(culture.family)
    const company = chance.percent(78) ? chance.pick(COMPANIES) : null
    const stage = stageOf(chance)
    return {
      number: at + 1,
      given,
      family,
      company,
      stage,
      email: addressOf(chance, given, family, company, taken),
      phone: chance.percent(70) ? phoneOf(chance) : null,
      optedOut: stage === "lost" ? chance.percent(60) : chance.percent(7),
      tags: chance.some(TAGS, chance.below(4)),
    }
  })
}
