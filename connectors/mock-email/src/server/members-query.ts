// The query of a member list, parsed: either a page, or a lookup of up to 500 named members.
import { isStatus, statuses, type Status } from "./member.ts"
import type { Problem } from "./problem.ts"

export const maxPage = 1000
export const maxLookup = 500

export type MembersQuery =
  | {
      readonly by: "page"
      readonly count: number
      readonly offset: number
      readonly sort: "last_changed" | "created"
      readonly since?: number
      readonly status?: Status
    }
  | { readonly by: "id" | "contact_id" | "email"; readonly values: readonly string[] }
  | { readonly problem: Problem }

type Raw = Readonly<Record<string, string | string[]>>

const bad = (field: string, message: string): { problem: Problem } => ({ problem: { code: "invalid_request", field, message } })

const listOf = (value: string | string[]): string[] =>
  [value]
    .flat()
    .flatMap((part) => part.split(","))
    .filter((part) => part !== "")

const lookups = [
  ["ids", "id"],
  ["contact_ids", "contact_id"],
  ["emails", "email"],
] as const

const wholeNumber = (value: string | string[] | undefined, fallback: number): number | null => {
  if (value === undefined) return fallback
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : null
}

export const parseMembersQuery = (raw: Raw, exposeContactId: boolean): MembersQuery => {
  for (const [name, by] of lookups) {
    const value = raw[name]
    if (value === undefined) continue
    if (by === "contact_id" && !exposeContactId) return bad(name, "this account has no contact ids")
    const values = listOf(value)
    return values.length > maxLookup ? bad(name, `at most ${maxLookup} at once`) : { by, values }
  }
  const count = wholeNumber(raw["count"], 10)
  if (count === null || count > maxPage) return bad("count", `count is a whole number up to ${maxPage}`)
  const offset = wholeNumber(raw["offset"], 0)
  if (offset === null) return bad("offset", "offset is a whole number")
  const sort = raw["sort"] ?? "last_changed"
  if (sort !== "last_changed" && sort !== "created") return bad("sort", "sort is last_changed or created")
  const status = raw["status"]
  if (status !== undefined && !isStatus(status)) return bad("status", `status is one of ${statuses.join(", ")}`)
  const sinceMs = raw["since_last_changed"] === undefined ? undefined : Date.parse(String(raw["since_last_changed"]))
  if (Number.isNaN(sinceMs)) return bad("since_last_changed", "since_last_changed is an ISO 8601 instant")
  return {
    by: "page",
    count,
    offset,
    sort,
    // A fraction of a second is rounded down: what carries that second may have changed after it.
    ...(sinceMs === undefined ? {} : { since: Math.floor(sinceMs / 1000) }),
    ...(status === undefined ? {} : { status }),
  }
}
