// Starts a mock CRM: a real HTTP server on loopback with its own SQLite file. Closing it closes both.
import Fastify, { type FastifyInstance } from "fastify"
import { makeClock } from "./clock.ts"
import { makeInjector } from "./fault/inject.ts"
import { faultBoard } from "./fault/order.ts"
import { makeAuth } from "./gate/auth.ts"
import { installGates } from "./gate/gate.ts"
import { makeRateLimit } from "./gate/rate-limit.ts"
import {
  defaultLimits,
  defaultTokenTtlMs,
  demoClientId,
  demoClientSecret,
  demoToken,
  maxBodyBytes,
  type MockCrm,
  type MockCrmOptions,
} from "./options.ts"
import { adminFaults } from "./routes/admin-faults.ts"
import { admin } from "./routes/admin.ts"
import { batchContacts } from "./routes/batch.ts"
import { changes } from "./routes/changes.ts"
import { oauth } from "./routes/oauth.ts"
import { readContacts } from "./routes/read-contacts.ts"
import { writeContacts } from "./routes/write-contacts.ts"
import { loadSeed } from "./seed/load-seed.ts"
import { seedFromFile } from "./seed/seed-file.ts"
import { Problem } from "./protocol/problem.ts"
import { pathOf } from "./trace.ts"
import { openStore, type Store } from "./store/store.ts"

const parseBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser("error", "error")
  app.addContentTypeParser(["application/json", "application/merge-patch+json"], { parseAs: "string" }, (request, body, done) => {
    // a DELETE with a content type and no body is common and harmless
    if (body.length === 0) done(null, undefined)
    else void parseJson(request, body.toString(), done)
  })
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (request, body, done) => {
    // any web page may post a form to loopback: only the token endpoint reads one
    if (pathOf(request) === "/oauth/token") done(null, Object.fromEntries(new URLSearchParams(body.toString())))
    else done(new Problem(415, "unsupported-media-type", "A form is taken by /oauth/token only"))
  })
  app.addContentTypeParser("text/csv", { parseAs: "string" }, (_request, body, done) => done(null, body))
}

const seedOnce = (store: Store, path: string): void => {
  if (store.contacts.count(0) > 0) return
  loadSeed(store, seedFromFile(path, store.clock.now(), store.rules()), path)
}

export const startMockCrm = async (options: MockCrmOptions = {}): Promise<MockCrm> => {
  const clock = makeClock(options.now ?? Date.now)
  const store = openStore(options.file ?? ":memory:", clock, options.idSeed)
  const app = Fastify({ bodyLimit: maxBodyBytes, forceCloseConnections: true, routerOptions: { maxParamLength: 300 } })
  try {
    if (options.seed !== undefined) seedOnce(store, options.seed)
    const board = faultBoard()
    const injector = makeInjector(board, store)
    const auth = makeAuth(
      {
        clientId: options.clientId ?? demoClientId,
        clientSecret: options.clientSecret ?? demoClientSecret,
        staticToken: options.token === undefined ? demoToken : options.token,
        ttlMs: options.tokenTtlMs ?? defaultTokenTtlMs,
      },
      clock,
    )
    parseBodies(app)
    installGates(app, { store, auth, rateLimit: makeRateLimit(options.limits ?? defaultLimits), injector })
    const context = { store, injector, uniqueEmail: options.uniqueEmail ?? false }
    oauth(app, auth)
    readContacts(app, context)
    batchContacts(app, context)
    writeContacts(app, context)
    changes(app, context)
    admin(app, store, auth, () => board.cancel(null))
    adminFaults(app, board, store)
    await app.listen({ port: options.port ?? 0, host: "127.0.0.1" })
  } catch (error) {
    await app.close()
    store.db.close()
    throw error
  }
  const address = app.server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      await app.close()
      store.db.close()
    },
  }
}
