// An operation -> the item of a batch that carries it out, or the fault that keeps it from being sent.
import { isObject, type Fault, type Json, type JsonObject, type Op } from "@syncline/connector"
import { movedPaths } from "./compare.ts"
import { normaliseAddress, type RemoteMember } from "./remote-member.ts"

export interface PreparedWrite {
  readonly op: Op
  readonly item: JsonObject
  /** Addresses by which the answer may speak of it: as it is now, and as it will be. */
  readonly names: readonly string[]
  readonly address: string
  readonly contactId: string | undefined
}

export type Prepared = PreparedWrite | { readonly op: Op; readonly fault: Fault }

const writable = new Set(["email_address", "status", "merge_fields", "tags"])

const invalid = (field: string, message: string): Fault => ({ class: "invalid", message, fields: { [field]: message } })

/** The platform knows no null: a merge field is cleared by an empty text, tags by an empty list. */
const withoutNulls = (set: JsonObject): { body: Record<string, Json> } | { fault: Fault } => {
  const body: Record<string, Json> = {}
  for (const [name, value] of Object.entries(set)) {
    if (!writable.has(name)) return { fault: invalid(name, `A member's ${name} cannot be written.`) }
    if (name === "tags") body[name] = value ?? []
    else if (name === "merge_fields") {
      if (!isObject(value)) return { fault: invalid(name, "merge_fields holds texts.") }
      body[name] = Object.fromEntries(Object.entries(value).map(([field, text]) => [field, text ?? ""]))
    } else if (value === null) return { fault: invalid(name, `A member's ${name} cannot be empty.`) }
    else body[name] = value
  }
  return { body }
}

const prepareCreate = (op: Op): Prepared => {
  const composed = withoutNulls(op.set)
  if ("fault" in composed) return { op, fault: composed.fault }
  const address = op.set["email_address"]
  if (typeof address !== "string" || address.trim() === "") {
    return { op, fault: invalid("email_address", "A member needs an address.") }
  }
  const name = normaliseAddress(address)
  return { op, item: composed.body, names: [name], address: name, contactId: undefined }
}

const conflict = (message: string): Fault => ({ class: "conflict", message })

/** `present`: the member as a read just before the write found it. */
const prepareChange = (op: Op, present: RemoteMember): Prepared => {
  const moved = op.seen === null ? [] : movedPaths(op.seen, present.item)
  if (moved.length > 0) return { op, fault: conflict(`The member has changed since it was read: ${moved.join(", ")}.`) }
  const now = normaliseAddress(present.address)
  // `match` beside `contact_id`: should the address move in between, the platform finds nobody, and nothing is overwritten.
  const who = { match: now, ...(present.contactId === undefined ? {} : { contact_id: present.contactId }) }
  const { contactId } = present
  if (op.kind === "delete") return { op, item: { ...who, status: "archived" }, names: [now], address: now, contactId }
  const composed = withoutNulls(op.set)
  if ("fault" in composed) return { op, fault: composed.fault }
  if (present.archived && op.seen?.["status"] !== "archived")
    return { op, fault: conflict("The member has been archived since it was read.") }
  const wanted = op.set["email_address"]
  const address = typeof wanted === "string" ? normaliseAddress(wanted) : now
  return { op, item: { ...who, ...composed.body }, names: [...new Set([now, address])], address, contactId }
}

/** An operation that needs no call: its outcome is clear from what was read. */
export type Settled = { readonly op: Op; readonly already: RemoteMember | null }

export const prepare = (op: Op, present: RemoteMember | undefined): Prepared | Settled => {
  if (op.kind === "create") return prepareCreate(op)
  if (present !== undefined) {
    return op.kind === "delete" && present.archived ? { op, already: present } : prepareChange(op, present)
  }
  // Nobody has this contact id: gone for good. Nobody has this address: that may just as well have changed.
  if (op.kind === "delete" && op.secondary !== undefined) return { op, already: null }
  return { op, fault: { class: "notFound", message: "The list has no such member." } }
}
