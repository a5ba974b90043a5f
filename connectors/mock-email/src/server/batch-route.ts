// Up to 500 members in one call and one transaction; what fails is told by address, the rest goes through.
// An item with `contact_id` or `match` (the present address) is about that member; any other item adds one.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { accept } from "./accept.ts"
import { normaliseAddress } from "./address.ts"
import type { FaultOrder } from "./faults.ts"
import type { Member, Row } from "./member.ts"
import { noteWrite, refuse, shower, type ApiParts, type ListRoute } from "./member-routes.ts"
import type { Written } from "./member-writes.ts"
import type { Problem } from "./problem.ts"
import { notesOf } from "./request-notes.ts"

export const maxBatch = 500

interface ItemError {
  readonly email_address: string
  readonly error_code: string
  readonly error: string
  readonly field?: string
  readonly existing_id?: string
}

interface BatchAnswer {
  new_members: Member[]
  updated_members: Member[]
  errors: ItemError[]
}

const identifying = new Set(["match", "contact_id", "id", "last_changed"])

/** As the caller wrote it: an item is known by the address it was matched by, else by the one it brings. */
const nameOf = (item: Json): string => {
  if (!isObject(item)) return ""
  const name = item["match"] ?? item["email_address"] ?? item["contact_id"]
  return typeof name === "string" ? name : ""
}

const itemError = (item: Json, problem: Problem): ItemError => ({
  email_address: nameOf(item),
  error_code: problem.code,
  error: problem.message,
  ...(problem.field === undefined ? {} : { field: problem.field }),
  ...(problem.existingId === undefined ? {} : { existing_id: problem.existingId }),
})

const target = (parts: ApiParts, list: string, item: JsonObject): { row: Row | null } | { problem: Problem } => {
  const { match, contact_id: contactId } = item
  if (match === undefined && contactId === undefined) return { row: null }
  const row =
    typeof match === "string"
      ? parts.writes.byAddress(list, normaliseAddress(match))
      : parts.members.find(list, "contact_id", typeof contactId === "string" ? [contactId] : [])[0]
  // Named in both ways, it has to be the same member.
  if (row === undefined || (contactId !== undefined && (row.contactId !== contactId || !parts.exposeContactId))) {
    return { problem: { code: "member_not_found", message: "this list has no such member" } }
  }
  return { row }
}

const writeItem = (parts: ApiParts, list: string, item: Json, updateExisting: boolean): Written => {
  const accepted = accept(item, parts.schema(), identifying)
  if ("problem" in accepted || !isObject(item)) {
    return "problem" in accepted ? accepted : { problem: { code: "invalid_request", message: "a member is a JSON object" } }
  }
  const found = target(parts, list, item)
  if ("problem" in found) return found
  if (found.row !== null) return parts.writes.update(found.row, accepted.input)
  const { address } = accepted.input
  const holder = updateExisting && address !== undefined ? parts.writes.byAddress(list, address) : undefined
  if (holder !== undefined && holder.status !== "archived") return parts.writes.update(holder, accepted.input)
  return parts.writes.add(list, accepted.input)
}

const note = (request: FastifyRequest, items: readonly Json[]): void => {
  const notes = notesOf(request)
  for (const item of items) {
    if (!isObject(item)) continue
    if (typeof item["contact_id"] === "string") notes?.ids.push(item["contact_id"])
    notes?.addresses.push(nameOf(item))
  }
}

const writeItems = (parts: ApiParts, request: FastifyRequest<ListRoute>, items: readonly Json[], updateExisting: boolean): BatchAnswer => {
  const answer: BatchAnswer = { new_members: [], updated_members: [], errors: [] }
  const showRow = shower(parts)
  const fault: FaultOrder | undefined = notesOf(request)?.fault
  const partial = fault?.kind === "partial-batch" ? fault : undefined
  const keep = partial === undefined ? items.length : (partial.keep ?? Math.floor(items.length / 2))
  for (const [index, item] of items.entries()) {
    if (index >= keep && partial?.rest !== "unreported") {
      if (partial?.rest !== "missing") answer.errors.push(itemError(item, { code: "try_again", message: "not carried out, try again" }))
      continue
    }
    const written = writeItem(parts, request.params.list, item, updateExisting)
    if ("row" in written) noteWrite(request, written.row, written.action)
    if (index >= keep) continue
    if ("problem" in written) answer.errors.push(itemError(item, written.problem))
    else (written.action === "created" ? answer.new_members : answer.updated_members).push(showRow(written.row))
  }
  return answer
}

export const addBatchRoute = (app: FastifyInstance, parts: ApiParts): void => {
  app.post<ListRoute & { Body: Json }>("/lists/:list/batch", (request, reply) => {
    const body = request.body
    const items = isObject(body) ? body["members"] : undefined
    if (!isObject(body) || !Array.isArray(items)) {
      return refuse(reply, { code: "invalid_request", field: "members", message: "expected { members: [...] }" })
    }
    if (items.length > maxBatch)
      return refuse(reply, { code: "invalid_request", field: "members", message: `at most ${maxBatch} members at once` })
    note(request, items)
    const updateExisting = body["update_existing"] === true
    const answer = parts.members.transaction(() => writeItems(parts, request, items, updateExisting))
    return reply.send({
      ...answer,
      total_created: answer.new_members.length,
      total_updated: answer.updated_members.length,
      error_count: answer.errors.length,
    })
  })
}
