// The rules of writing a member: who may take an address, what an archived member means, what counts as a change.
// Works inside the caller's transaction; a write that changes nothing leaves `last_changed` alone.
import type { Input } from "./accept.ts"
import type { Clock } from "./clock.ts"
import { contactIdOf, idOf, type Row } from "./member.ts"
import type { Members } from "./members.ts"
import type { MergeSchema } from "./merge-schema.ts"
import type { Problem } from "./problem.ts"

export type Action = "created" | "updated" | "archived" | "unchanged"
export type Written = { readonly row: Row; readonly action: Action } | { readonly problem: Problem }

export interface MemberWrites {
  /** Adds a member; an archived one comes back, anybody else who has the address is a `member_exists`. */
  add(list: string, input: Input): Written
  update(row: Row, input: Input): Written
  byAddress(list: string, address: string): Row | undefined
}

const exists = (row: Row): { problem: Problem } => ({
  problem: {
    code: "member_exists",
    field: "email_address",
    message: `${row.address} is already a member of this list`,
    existingId: row.id,
  },
})

const same = (a: Row, b: Row): boolean =>
  a.address === b.address &&
  a.status === b.status &&
  JSON.stringify(a.tags) === JSON.stringify(b.tags) &&
  Object.keys(b.mergeFields).every((name) => (a.mergeFields[name] ?? "") === b.mergeFields[name])

export const memberWrites = (members: Members, clock: Clock, schema: () => MergeSchema): MemberWrites => {
  const byAddress = (list: string, address: string): Row | undefined => members.one(list, idOf(address))

  const lacking = (mergeFields: Readonly<Record<string, string>>): { problem: Problem } | null => {
    const name = schema().required.find((required) => (mergeFields[required] ?? "") === "")
    if (name === undefined) return null
    return { problem: { code: "required_field", field: `merge_fields.${name}`, message: `${name} may not be blank in this list` } }
  }

  const update = (row: Row, input: Input): Written => {
    const address = input.address ?? row.address
    const next: Row = {
      ...row,
      address,
      id: idOf(address),
      status: input.status ?? row.status,
      mergeFields: { ...row.mergeFields, ...input.mergeFields },
      tags: input.tags ?? row.tags,
    }
    if (same(row, next)) return { row, action: "unchanged" }
    if (next.id !== row.id) {
      const holder = byAddress(row.list, address)
      if (holder !== undefined) return exists(holder)
    }
    const problem = next.status === "archived" ? null : lacking(next.mergeFields)
    if (problem !== null) return problem
    const changed = { ...next, lastChanged: clock.seconds() }
    members.replace(row, changed)
    return { row: changed, action: next.status === "archived" && row.status !== "archived" ? "archived" : "updated" }
  }

  const add = (list: string, input: Input): Written => {
    if (input.address === undefined) {
      return { problem: { code: "invalid_address", field: "email_address", message: "an address is needed" } }
    }
    const status = input.statusIfNew ?? input.status ?? "subscribed"
    const holder = byAddress(list, input.address)
    if (holder !== undefined && holder.status !== "archived") return exists(holder)
    if (holder !== undefined) {
      const back = update(holder, { ...input, status })
      return "row" in back ? { row: back.row, action: "created" } : back
    }
    const mergeFields = { ...input.mergeFields }
    const problem = lacking(mergeFields)
    if (problem !== null) return problem
    const seq = members.nextSeq()
    const row: Row = {
      seq,
      list,
      id: idOf(input.address),
      contactId: contactIdOf(list, seq),
      address: input.address,
      status,
      mergeFields,
      tags: input.tags ?? [],
      lastChanged: clock.seconds(),
    }
    members.insert(row)
    return { row, action: "created" }
  }

  return { add, update, byAddress }
}
