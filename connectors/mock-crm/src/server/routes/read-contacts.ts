// GET /contacts (pages, filters, look-ups), GET /contacts/:id, POST /contacts/search.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { emailKeyOf } from "../contact/document.ts"
import { renderContact } from "../contact/text.ts"
import { defaultPageSize, maxLookup, maxPageSize, maxPerAddress } from "../options.ts"
import { sendRepresentation } from "../protocol/answer.ts"
import { tagOfRevision } from "../protocol/etag.ts"
import { makePageToken, readPageToken } from "../protocol/page-token.ts"
import { Problem } from "../protocol/problem.ts"
import type { ContactReader, ContactRow } from "../store/contact-reader.ts"
import { missing } from "../write/apply.ts"
import { viewFor, type RouteContext } from "./context.ts"
import { fieldsOf, instantOf, listOf, textOf, wholeNumberOf, type Query } from "./query.ts"

const joined = (rows: readonly ContactRow[], fields: readonly string[] | undefined): string =>
  rows.map((row) => renderContact(row, fields)).join(",")

const pageText = (contacts: ContactReader, query: Query): string => {
  const limit = wholeNumberOf(query, "limit", defaultPageSize, 1, maxPageSize)
  const fields = fieldsOf(query)
  const updatedSince = instantOf(query, "updated_since")
  const filter = `updated_since=${updatedSince}`
  const token = textOf(query, "page_token")
  const after = token === undefined ? 0 : readPageToken(token, filter)
  const rows = contacts.page(after, updatedSince, limit + 1)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last ? makePageToken(last.num, filter) : null
  return `{"contacts":[${joined(shown, fields)}],"next_page_token":${JSON.stringify(next)},"total":${contacts.count(updatedSince)}}`
}

const tooMany = (name: string): Problem =>
  new Problem(422, "invalid-request", `${name} may hold at most ${maxLookup} values`, {
    errors: [{ path: name, message: `at most ${maxLookup} values` }],
  })

/** Everything that is known under these ids and addresses; ids that are not there are named with the reason. */
const lookupText = (
  contacts: ContactReader,
  ids: readonly string[],
  emails: readonly string[],
  fields: readonly string[] | undefined,
): string => {
  if (ids.length > maxLookup) throw tooMany("ids")
  if (emails.length > maxLookup) throw tooMany("emails")
  const byId = ids.length === 0 ? [] : contacts.byIds(ids)
  const found = new Set(byId.map((row) => row.id))
  const keys = emails.map(emailKeyOf).filter((key) => key !== null)
  const byEmail =
    keys.length === 0 ? [] : contacts.byEmailKeys(keys, keys.length === 1 ? maxPageSize : maxPerAddress).filter((row) => !found.has(row.id))
  const absent = [...new Set(ids.filter((id) => !found.has(id)))]
  const buried = new Set(absent.length === 0 ? [] : contacts.tombstones(absent).map((row) => row.id))
  const reasons = absent.map((id) => ({ id, reason: buried.has(id) ? "gone" : "not-found" }))
  const rows = [...byId, ...byEmail]
  return `{"contacts":[${joined(rows, fields)}],"missing":${JSON.stringify(reasons)},"total":${rows.length}}`
}

const textsIn = (body: unknown, name: string): string[] => {
  const value: unknown = typeof body === "object" && body !== null ? Object.entries(body).find(([key]) => key === name)?.[1] : undefined
  if (value === undefined) return []
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value
  throw new Problem(422, "invalid-request", `${name} must be a list of texts`, {
    errors: [{ path: name, message: "must be a list of texts" }],
  })
}

export const readContacts = (app: FastifyInstance, context: RouteContext): void => {
  app.get("/contacts", (request: FastifyRequest<{ Querystring: Query }>, reply: FastifyReply) => {
    const { contacts } = viewFor(context, request)
    const ids = listOf(request.query, "ids")
    const email = textOf(request.query, "email")
    const lookup = ids !== undefined || email !== undefined
    for (const id of ids ?? []) request.trace.ids.add(id)
    const text = lookup
      ? lookupText(contacts, ids ?? [], email === undefined ? [] : [email], fieldsOf(request.query))
      : pageText(contacts, request.query)
    return sendRepresentation(request, reply, text)
  })

  app.get("/contacts/:id", (request: FastifyRequest<{ Params: { id: string }; Querystring: Query }>, reply: FastifyReply) => {
    const { contacts } = viewFor(context, request)
    const { id } = request.params
    request.trace.ids.add(id)
    const row = contacts.byId(id)
    if (!row) throw missing(id, contacts.tombstone(id) !== undefined)
    const fields = fieldsOf(request.query)
    return sendRepresentation(request, reply, renderContact(row, fields), tagOfRevision(row.revision, fields))
  })

  app.post("/contacts/search", (request: FastifyRequest<{ Querystring: Query }>, reply: FastifyReply) => {
    const { contacts } = viewFor(context, request)
    const ids = textsIn(request.body, "ids")
    for (const id of ids) request.trace.ids.add(id)
    const text = lookupText(contacts, ids, textsIn(request.body, "emails"), fieldsOf(request.query))
    return reply.type("application/json; charset=utf-8").send(text)
  })
}
