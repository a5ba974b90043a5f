// GET /changes: what happened after a sequence number, each change with the contact as it is now. GET /changes/head: where
// the log ends at this moment, which is where a full read must start to follow it afterwards.
import type { FastifyInstance, FastifyRequest } from "fastify"
import { isoOf, renderContact } from "../contact/text.ts"
import { defaultPageSize, maxPageSize } from "../options.ts"
import { sendRepresentation } from "../protocol/answer.ts"
import { Problem } from "../protocol/problem.ts"
import { changeTypes, type ChangeRow } from "../store/change-log.ts"
import type { ContactReader } from "../store/contact-reader.ts"
import { viewFor, type RouteContext } from "./context.ts"
import { fieldsOf, listOf, wholeNumberOf, type Query } from "./query.ts"

const typesOf = (query: Query): typeof changeTypes => {
  const asked = listOf(query, "change_type")
  if (!asked) return changeTypes
  const types = changeTypes.filter((type) => asked.includes(type))
  if (types.length !== new Set(asked).size)
    throw new Problem(400, "bad-request", `change_type must be one or more of ${changeTypes.join(", ")}`, {
      errors: [{ path: "change_type", message: `one or more of ${changeTypes.join(", ")}` }],
    })
  return types
}

const changesText = (contacts: ContactReader, rows: readonly ChangeRow[], fields: readonly string[] | undefined): string => {
  const present = new Map(contacts.byIds([...new Set(rows.map((row) => row.contact_id))]).map((row) => [row.id, row]))
  return rows
    .map((row) => {
      const contact = row.type === "deleted" ? undefined : present.get(row.contact_id)
      const text = contact ? renderContact(contact, fields) : "null"
      return `{"seq":${row.seq},"change_type":"${row.type}","id":${JSON.stringify(row.contact_id)},"at":"${isoOf(row.at)}","revision":${row.revision},"contact":${text}}`
    })
    .join(",")
}

export const changes = (app: FastifyInstance, context: RouteContext): void => {
  const { store, injector } = context

  app.get("/changes/head", (request, reply) => {
    store.changes.purge(store.clock.now())
    return sendRepresentation(
      request,
      reply,
      JSON.stringify({ seq: viewFor(context, request).head(), oldest_cursor: store.changes.floor() }),
    )
  })

  app.get("/changes", (request: FastifyRequest<{ Querystring: Query }>, reply) => {
    store.changes.purge(store.clock.now())
    const expired = injector.take("cursor-expired", request) !== null
    const view = viewFor(context, request)
    const head = view.head()
    const floor = store.changes.floor()
    const since = wholeNumberOf(request.query, "since", 0, 0, Number.MAX_SAFE_INTEGER)
    // a cursor from the future belongs to another life of this store; a lagging replica is merely behind
    if (expired || since < floor || since > store.changes.head())
      throw new Problem(410, "cursor-expired", "The change log no longer reaches back to this cursor: read all contacts again", {
        oldest_cursor: floor,
      })
    const limit = wholeNumberOf(request.query, "limit", defaultPageSize, 1, maxPageSize)
    const rows = store.changes.read(since, head, typesOf(request.query), limit + 1)
    const shown = rows.slice(0, limit)
    const more = rows.length > limit
    const next = more ? (shown.at(-1)?.seq ?? since) : Math.max(head, since)
    const text = changesText(view.contacts, shown, fieldsOf(request.query))
    return sendRepresentation(request, reply, `{"changes":[${text}],"next_since":${next},"has_more":${more}}`)
  })
}
