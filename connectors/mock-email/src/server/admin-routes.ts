// The back door for tests and demos, without a key: what was asked, what is there, and trouble to order.
import { isObject, type Json } from "@syncline/connector"
import type { FastifyInstance, FastifyReply } from "fastify"
import type { Clock } from "./clock.ts"
import { parseFaults, type Faults } from "./faults.ts"
import { show, type Member } from "./member.ts"
import type { Members } from "./members.ts"
import { isFieldName, type MergeSchema, type SchemaChange } from "./merge-schema.ts"
import { plant } from "./plant.ts"
import type { RequestLog } from "./request-log.ts"
import { readSeed } from "./seed-file.ts"

export interface AdminParts {
  readonly members: Members
  readonly clock: Clock
  readonly faults: Faults
  readonly log: RequestLog
  readonly defaultList: string
  readonly schema: () => MergeSchema
  readonly changeSchema: (change: SchemaChange | null) => void
}

const refuse = (reply: FastifyReply, cause: unknown): FastifyReply =>
  reply.code(400).send({ error: { code: "invalid_request", message: cause instanceof Error ? cause.message : String(cause) } })

const names = (value: Json | undefined, field: string): string[] | undefined => {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw new Error(`${field} is a list of merge field names`)
  return value.map((name: Json) => {
    if (typeof name !== "string" || !isFieldName(name)) throw new Error(`${field} is a list of merge field names`)
    return name
  })
}

const parseSchemaChange = (body: Json): SchemaChange => {
  if (!isObject(body)) throw new Error("expected { add, remove, required }")
  const add = names(body["add"], "add")
  const remove = names(body["remove"], "remove")
  const required = names(body["required"], "required")
  return { ...(add ? { add } : {}), ...(remove ? { remove } : {}), ...(required ? { required } : {}) }
}

const applyClock = (clock: Clock, body: Json): void => {
  if (!isObject(body)) throw new Error("expected { set, advance_ms, freeze }")
  const { set, advance_ms: advanceMs, freeze } = body
  if (set !== undefined) {
    const at = typeof set === "number" ? set : Date.parse(String(set))
    if (Number.isNaN(at)) throw new Error("set is an ISO 8601 instant, or milliseconds since 1970")
    clock.set(at)
  }
  if (advanceMs !== undefined) {
    if (typeof advanceMs !== "number") throw new Error("advance_ms is a number")
    clock.advance(advanceMs)
  }
  if (freeze !== undefined) clock.freeze(freeze === true)
}

export const addAdminRoutes = (app: FastifyInstance, parts: AdminParts): void => {
  const { members, clock, faults, log } = parts
  const big = { bodyLimit: 256 * 1024 * 1024 } // a seed of some 100 000 people

  app.get<{ Querystring: { since?: string } }>("/admin/requests", (request, reply) => {
    const requests = log.since(request.query.since)
    return reply.send({ requests, writes: requests.filter((entry) => entry.write).length, last: log.last() })
  })
  app.delete("/admin/requests", (_request, reply) => {
    log.clear()
    return reply.code(204).send()
  })

  app.get("/admin/dump", (_request, reply) => {
    const lists: Record<string, Member[]> = Object.create(null)
    for (const row of members.all()) (lists[row.list] ??= []).push(show(row, parts.schema().fields, true))
    return reply.send({ lists })
  })

  app.post("/admin/reset", (_request, reply) => {
    members.clear()
    parts.changeSchema(null)
    clock.reset()
    faults.clear()
    log.clear()
    return reply.code(204).send()
  })

  app.post<{ Body: Json }>("/admin/seed", big, (request, reply) => {
    const { body } = request
    const items = isObject(body) ? body["members"] : body
    const list = isObject(body) && typeof body["list"] === "string" ? body["list"] : parts.defaultList
    if (!Array.isArray(items)) return refuse(reply, new Error("expected an array of members, or { list, members }"))
    try {
      const numbered = items.map((item: Json, index) => ({ row: index + 1, item }))
      return reply.send(plant(members, clock, readSeed("seed", numbered), list))
    } catch (cause) {
      return refuse(reply, cause)
    }
  })

  app.get("/admin/clock", (_request, reply) => reply.send({ now: new Date(clock.now()).toISOString() }))
  app.post<{ Body: Json }>("/admin/clock", (request, reply) => {
    try {
      applyClock(clock, request.body)
      return reply.send({ now: new Date(clock.now()).toISOString() })
    } catch (cause) {
      return refuse(reply, cause)
    }
  })

  app.get("/admin/faults", (_request, reply) => reply.send({ faults: faults.list() }))
  app.post<{ Body: Json }>("/admin/faults", (request, reply) => {
    try {
      faults.order(parseFaults(request.body))
      return reply.send({ faults: faults.list() })
    } catch (cause) {
      return refuse(reply, cause)
    }
  })
  app.delete("/admin/faults", (_request, reply) => {
    faults.clear()
    return reply.code(204).send()
  })

  app.get("/admin/schema", (_request, reply) => reply.send(parts.schema()))
  app.post<{ Body: Json }>("/admin/schema", (request, reply) => {
    try {
      parts.changeSchema(parseSchemaChange(request.body))
      return reply.send(parts.schema())
    } catch (cause) {
      return refuse(reply, cause)
    }
  })
}
