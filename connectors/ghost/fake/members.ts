// The members: addresses that are unique whatever their case, labels that are made by being named, newsletters by id,
// times in whole seconds.
import { createHash, randomUUID } from "node:crypto"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { refused, type Clock } from "@syncline/testkit/fake"
import { problem } from "./problem.ts"

export interface Member {
  readonly id: string
  readonly uuid: string
  readonly email: string
  readonly name: string | null
  readonly note: string | null
  readonly labels: readonly string[]
  readonly newsletters: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Members {
  readonly all: () => readonly Member[]
  readonly get: (id: string) => Member | undefined
  /** Throw a refusal; then nothing was done. `at`: for what is planted. */
  readonly add: (input: JsonObject, at?: string) => Member
  readonly edit: (member: Member, input: JsonObject) => Member
  readonly remove: (member: Member) => void
}

export const NEWSLETTERS: readonly { readonly id: string; readonly name: string; readonly default: boolean }[] = [
  { id: "650000000000000000000001", name: "Weekly", default: true },
  { id: "650000000000000000000002", name: "News", default: false },
]

const MAX_NAME = 191
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

const invalid = (context: string, property: string) =>
  refused(422, problem(422, "ValidationError", "Validation error, cannot save member.", context, property).body)

const textIn = (input: JsonObject, name: string, max: number): string | null | undefined => {
  const value = input[name]
  if (value === undefined || value === null) return value
  if (typeof value !== "string") throw invalid(`Value in [members.${name}] is not a text.`, name)
  if (value.length > max) throw invalid(`Value in [members.${name}] exceeds maximum length of ${max} characters.`, name)
  return value
}

const namesIn = (value: Json | undefined): readonly string[] | undefined =>
  Array.isArray(value)
    ? value.flatMap((each: Json) => (isObject(each) && typeof each["name"] === "string" ? [each["name"].trim()] : []))
    : undefined

export function createMembers(clock: Clock): Members {
  const members = new Map<string, Member>()
  let made = 0
  // whole seconds, as all databases that Ghost runs on keep them
  const now = (): string => `${clock.iso().slice(0, 19)}.000Z`

  const emailIn = (input: JsonObject, self: Member | null): string | undefined => {
    const given = textIn(input, "email", MAX_NAME)
    if (given === undefined || given === null) return undefined
    const email = given.trim()
    if (!EMAIL.test(email)) throw invalid("Validation (isEmail) failed for email", "email")
    for (const other of members.values())
      if (other !== self && other.email.toLowerCase() === email.toLowerCase())
        throw invalid("Member already exists. Attempting to add member with existing email address", "email")
    return email
  }
  const newslettersIn = (input: JsonObject): readonly string[] | undefined => {
    const list = input["newsletters"]
    if (Array.isArray(list)) {
      const ids = list.flatMap((each: Json) => (isObject(each) && typeof each["id"] === "string" ? [each["id"]] : []))
      return NEWSLETTERS.filter(({ id }) => ids.includes(id)).map(({ id }) => id)
    }
    if (input["subscribed"] === false) return []
    return input["subscribed"] === true ? NEWSLETTERS.filter((each) => each.default).map(({ id }) => id) : undefined
  }
  return {
    all: () => [...members.values()],
    get: (id) => members.get(id),
    add(input, at = now()) {
      const email = emailIn(input, null)
      if (email === undefined) throw invalid("Value in [members.email] cannot be blank.", "email")
      const name = textIn(input, "name", MAX_NAME) ?? null
      const note = textIn(input, "note", 2000) ?? null
      // ids begin with the time, so that their order is that of creation
      const seconds = Math.floor(Date.parse(at) / 1000)
        .toString(16)
        .padStart(8, "0")
      const id = seconds + createHash("sha256").update(email).digest("hex").slice(0, 10) + (made += 1).toString(16).padStart(6, "0")
      const member: Member = {
        id,
        uuid: randomUUID(),
        email,
        name,
        note,
        labels: namesIn(input["labels"]) ?? [],
        newsletters: newslettersIn(input) ?? NEWSLETTERS.filter((each) => each.default).map((each) => each.id),
        createdAt: at,
        updatedAt: at,
      }
      members.set(id, member)
      return member
    },
    edit(member, input) {
      const email = emailIn(input, member)
      const name = textIn(input, "name", MAX_NAME)
      const note = textIn(input, "note", 2000)
      const edited: Member = {
        ...member,
        ...(email === undefined ? {} : { email }),
        ...(name === undefined ? {} : { name }),
        ...(note === undefined ? {} : { note }),
        labels: namesIn(input["labels"]) ?? member.labels,
        newsletters: newslettersIn(input) ?? member.newsletters,
        updatedAt: now(),
      }
      members.set(member.id, edited)
      return edited
    },
    remove: (member) => void members.delete(member.id),
  }
}

export const show = (member: Member): JsonObject => ({
  id: member.id,
  uuid: member.uuid,
  email: member.email,
  name: member.name,
  note: member.note,
  geolocation: null,
  subscribed: member.newsletters.length > 0,
  status: "free",
  comped: false,
  email_count: 0,
  labels: member.labels.map((name) => ({ id: createHash("md5").update(name).digest("hex").slice(0, 24), name, slug: name.toLowerCase() })),
  newsletters: NEWSLETTERS.filter(({ id }) => member.newsletters.includes(id)).map(({ id, name }) => ({ id, name, status: "active" })),
  subscriptions: [],
  created_at: member.createdAt,
  updated_at: member.updatedAt,
})
