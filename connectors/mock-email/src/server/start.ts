// Starts the platform: its file, its API and its admin port on one loopback address.
import fastify, { type FastifyInstance } from "fastify"
import { addAdminRoutes } from "./admin-routes.ts"
import { addBatchRoute } from "./batch-route.ts"
import { createClock } from "./clock.ts"
import { openDatabase, type Db } from "./database.ts"
import { createFaults } from "./faults.ts"
import { addGate } from "./gate.ts"
import { addMemberRoutes } from "./member-routes.ts"
import { memberWrites } from "./member-writes.ts"
import { openMembers } from "./members.ts"
import { changeSchema, defaultSchema, type MergeSchema } from "./merge-schema.ts"
import { plant, type Planted } from "./plant.ts"
import { createRequestLog } from "./request-log.ts"
import { seedFromFile } from "./seed-file.ts"

export const demoKey = "demo-key"
export const defaultList = "newsletter"

export interface MockEmailOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** SQLite file; `:memory:` by default. */
  readonly file?: string
  /** JSON or CSV file of members; planted only if the SQLite file holds no member yet. */
  readonly seed?: string
  readonly apiKey?: string
  /** Epoch ms; the platform's clock starts from it. */
  readonly now?: () => number
  /** false: members are known by the hash of their address alone. */
  readonly exposeContactId?: boolean
  /** Where a seed goes that names no list. */
  readonly list?: string
  /** Requests at once before a 429. */
  readonly maxConcurrent?: number
}

export interface MockEmail {
  readonly url: string
  readonly port: number
  /** What the seed brought; null without a seed, or when the file had members already. */
  readonly seeded: Planted | null
  close(): Promise<void>
}

const readJsonBodies = (app: FastifyInstance): void => {
  app.removeContentTypeParser("application/json")
  // An empty body is none: clients like to send the header with a DELETE.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, text === "" ? null : JSON.parse(String(text)))
    } catch {
      done(Object.assign(new Error("the body is not valid JSON"), { statusCode: 400 }))
    }
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    return reply.code(status).send({ error: { code: status < 500 ? "invalid_request" : "internal", message: error.message } })
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: { code: "no_such_resource", message: `there is no ${request.method} ${request.url.split("?", 1)[0]}` } }),
  )
}

const keptSchema = (db: Db) => {
  const saved = db.prepare<[], { value: string }>("select value from settings where name = 'schema'").get()
  let schema: MergeSchema = saved === undefined ? defaultSchema : JSON.parse(saved.value) // written below
  const save = db.prepare<[string]>("insert into settings values ('schema', ?) on conflict (name) do update set value = excluded.value")
  return {
    read: () => schema,
    change(change: Parameters<typeof changeSchema>[1] | null) {
      schema = change === null ? defaultSchema : changeSchema(schema, change)
      save.run(JSON.stringify(schema))
    },
  }
}

export const startMockEmail = async (options: MockEmailOptions = {}): Promise<MockEmail> => {
  const seed = options.seed === undefined ? null : await seedFromFile(options.seed)
  const list = options.list ?? defaultList
  const clock = createClock(options.now ?? Date.now)
  const db = openDatabase(options.file ?? ":memory:")
  const members = openMembers(db)
  const schema = keptSchema(db)
  const seeded = seed === null || members.all().length > 0 ? null : plant(members, clock, seed, list)

  const closing = new AbortController()
  const app = fastify({ forceCloseConnections: true, bodyLimit: 8 * 1024 * 1024, http: { maxHeaderSize: 32 * 1024 } })
  const faults = createFaults(clock.now)
  const log = createRequestLog(clock.now)
  readJsonBodies(app)
  addGate(app, {
    apiKey: options.apiKey ?? demoKey,
    maxConcurrent: options.maxConcurrent ?? 10,
    clock,
    faults,
    log,
    closing: closing.signal,
  })
  const parts = {
    members,
    writes: memberWrites(members, clock, schema.read),
    schema: schema.read,
    exposeContactId: options.exposeContactId ?? true,
  }
  addMemberRoutes(app, parts)
  addBatchRoute(app, parts)
  addAdminRoutes(app, { members, clock, faults, log, defaultList: list, schema: schema.read, changeSchema: schema.change })

  try {
    const url = await app.listen({ host: "127.0.0.1", port: options.port ?? 0 })
    return {
      url,
      port: Number(new URL(url).port),
      seeded,
      async close() {
        closing.abort()
        await app.close()
        db.close()
      },
    }
  } catch (cause) {
    db.close()
    throw cause
  }
}
