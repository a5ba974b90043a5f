// The operator's side, without credentials and for loopback only: request log, clock, schema, dump, seed, reset.
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { JsonObject } from "@syncline/connector"
import { asDocument } from "../contact/document.ts"
import { changedDocument, changedRules, changedTimes, parseSchemaChange } from "../contact/schema-change.ts"
import { contactText } from "../contact/text.ts"
import type { Auth } from "../gate/auth.ts"
import { maxSeedBytes } from "../options.ts"
import { Problem } from "../protocol/problem.ts"
import type { ContactRow } from "../store/contact-reader.ts"
import type { Store } from "../store/store.ts"
import { loadSeed } from "../seed/load-seed.ts"
import { rowsOfCsv } from "../seed/seed-csv.ts"
import { SeedError } from "../seed/seed-contact.ts"
import { contactsOf, rowsOfJson } from "../seed/seed-file.ts"
import { wholeNumberOf, type Query } from "./query.ts"

const json = "application/json; charset=utf-8"

/** Every contact, in order of creation. */
const allRows = (store: Store): ContactRow[] => store.contacts.page(0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

const changeSchema = (store: Store, body: unknown): number => {
  const change = parseSchemaChange(body)
  return store.db.transaction(() => {
    store.setRules(changedRules(store.rules(), change))
    let touched = 0
    for (const row of allRows(store)) {
      const before: JsonObject = JSON.parse(row.data)
      const after = changedDocument(before, change)
      if (after === before) continue
      store.writer.rewrite(row, after, changedTimes(JSON.parse(row.field_times), change))
      touched += 1
    }
    return touched
  })()
}

export const admin = (app: FastifyInstance, store: Store, auth: Auth, cancelFaults: () => void): void => {
  app.get("/admin/requests", (request: FastifyRequest<{ Querystring: Query }>, reply) => {
    const since = wholeNumberOf(request.query, "since", 0, 0, Number.MAX_SAFE_INTEGER)
    const limit = wholeNumberOf(request.query, "limit", 100_000, 1, 100_000)
    const requests = store.requests.since(since, limit)
    const writes = requests.filter((entry) => entry.write)
    const summary = {
      writes: writes.length,
      changed: writes.reduce((sum, entry) => sum + entry.changed, 0),
      next_since: requests.at(-1)?.seq ?? since,
    }
    return reply.type(json).send(JSON.stringify({ requests, ...summary }))
  })

  app.delete("/admin/requests", (_request, reply) => {
    store.requests.clear()
    return reply.code(204).send()
  })

  app.post("/admin/clock", (request, reply) => {
    const offset = asDocument(request.body)["offset_ms"]
    if (typeof offset !== "number" || !Number.isFinite(offset)) throw new Problem(422, "invalid-request", "offset_ms must be a number")
    store.clock.offsetMs = offset
    return reply.send({ now: new Date(store.clock.now()).toISOString(), offset_ms: offset })
  })

  app.post("/admin/schema", (request, reply) => {
    const touched = changeSchema(store, request.body)
    return reply.send({ fields: store.rules().fields, contacts_rewritten: touched })
  })

  app.get("/admin/dump", (_request, reply) => {
    const rows = allRows(store).sort((a, b) => (a.id < b.id ? -1 : 1))
    return reply.type(json).send(`{"contacts":[${rows.map(contactText).join(",\n")}],"total":${rows.length}}`)
  })

  app.post("/admin/seed", { bodyLimit: maxSeedBytes }, (request, reply) => {
    const { body } = request
    try {
      // text is what the CSV parser hands on; everything else came out of the JSON parser
      const rows =
        typeof body === "string" && request.headers["content-type"]?.startsWith("text/csv")
          ? rowsOfCsv(body, "seed")
          : rowsOfJson(body as JsonObject, "seed")
      loadSeed(store, contactsOf(rows, "seed", store.rules(), store.clock.now()), "seed")
      return reply.code(201).send({ seeded: rows.length })
    } catch (error) {
      if (!(error instanceof SeedError)) throw error
      throw new Problem(422, "invalid-request", error.message, {
        row: error.row,
        errors: [{ path: error.field ?? "", message: error.message }],
      })
    }
  })

  app.post("/admin/reset", (_request, reply) => {
    store.reset()
    store.clock.offsetMs = 0
    auth.revokeAll()
    cancelFaults()
    return reply.code(204).send()
  })
}
