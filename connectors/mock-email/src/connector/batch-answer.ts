// The answer of a batch, which speaks of members by address -> one outcome per write, none guessed.
import { isObject, type Fault, type Json, type JsonObject, type Outcome } from "@syncline/connector"
import type { PreparedWrite } from "./compose-write.ts"
import { normaliseAddress, readMember, type MemberApi, type RemoteMember } from "./remote-member.ts"

const classes: ReadonlyMap<unknown, Fault["class"]> = new Map([
  ["member_exists", "duplicate"],
  // It was there a moment ago, under this address and contact id.
  ["member_not_found", "conflict"],
  ["try_again", "transient"],
])

const faultOf = (error: JsonObject): Fault => {
  const { error_code: code, error: message, field, existing_id: existingId } = error
  const kind = classes.get(code) ?? "invalid"
  const words = typeof message === "string" ? message : "The platform refused this member."
  return {
    class: kind,
    message: words,
    ...(kind === "invalid" && typeof field === "string" ? { fields: { [field]: words } } : {}),
    ...(kind === "duplicate" && typeof existingId === "string" ? { existingId } : {}),
  }
}

const unknown = (message: string): Fault => ({ class: "unknown", message })

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

/** By address; one that is spoken of twice says nothing certain. */
const byAddress = <A>(entries: readonly (readonly [string, A])[]): Map<string, A | null> => {
  const map = new Map<string, A | null>()
  for (const [address, value] of entries) map.set(address, map.has(address) ? null : value)
  return map
}

export const applied = (ref: string, member: RemoteMember, withItem: boolean): Outcome => ({
  ref,
  status: "applied",
  id: member.id,
  version: member.lastChanged,
  at: member.lastChanged,
  ...(member.contactId === undefined ? {} : { secondary: member.contactId }),
  ...(withItem ? { item: member.item } : {}),
})

/** `writes` of one batch name no address twice. */
export const readBatchAnswer = (api: MemberApi, writes: readonly PreparedWrite[], body: Json): Outcome[] => {
  const answer = isObject(body) ? body : {}
  const read = (list: string): readonly RemoteMember[] =>
    listOf(answer[list]).flatMap((each) => {
      const member = readMember(api, each)
      return member === null ? [] : [member]
    })
  const fresh = read("new_members")
  const made = new Set(fresh.map((member) => normaliseAddress(member.address)))
  const members = [...fresh, ...read("updated_members")]
  const done = byAddress(members.map((member) => [normaliseAddress(member.address), member] as const))
  const refused = byAddress(
    listOf(answer["errors"]).flatMap((error) =>
      isObject(error) && typeof error["email_address"] === "string" ? [[normaliseAddress(error["email_address"]), error] as const] : [],
    ),
  )
  return writes.map(({ op, names, address, contactId }): Outcome => {
    const member = done.get(address)
    const error = names.map((name) => refused.get(name)).find((each) => each !== undefined)
    if (member === undefined && error != null) return { ref: op.ref, status: "failed", fault: faultOf(error) }
    const isTheirs = member != null && (contactId === undefined || member.contactId === contactId)
    if (isTheirs && error === undefined) {
      const outcome = applied(op.ref, member, op.kind !== "delete")
      return op.kind === "create" && outcome.status === "applied" ? { ...outcome, met: !made.has(address) } : outcome
    }
    return { ref: op.ref, status: "unknown", fault: unknown("The platform's answer does not say what became of this member.") }
  })
}
