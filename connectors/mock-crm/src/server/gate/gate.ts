// What every request passes before its route sees it, and every answer on its way out: trace, faults, credentials, rate
// limit, the Date header, problem details, and the request log.
import type { FastifyError, FastifyInstance } from "fastify"
import type { Injector } from "../fault/inject.ts"
import { Problem, problemBody, type ProblemBody } from "../protocol/problem.ts"
import type { Store } from "../store/store.ts"
import { entryOf, isAdmin, isWrite, newTrace, pathOf } from "../trace.ts"
import type { Auth } from "./auth.ts"
import type { RateLimit } from "./rate-limit.ts"

export interface Gates {
  readonly store: Store
  readonly auth: Auth
  readonly rateLimit: RateLimit
  readonly injector: Injector
}

const ofFramework = (error: FastifyError): ProblemBody => {
  const status = error.statusCode ?? 500
  if (status === 413) return problemBody(413, "too-large", "The body is larger than this server takes")
  if (status === 415) return problemBody(415, "unsupported-media-type", "Send application/json or application/merge-patch+json")
  if (status >= 400 && status < 500) return problemBody(status, "bad-request", error.message)
  return problemBody(500, "internal", "The server failed; nothing was written")
}

const methodsAt: readonly (readonly [RegExp, string])[] = [
  [/^\/(oauth\/token|contacts\/(batch|search))$/, "POST"],
  [/^\/contacts$/, "GET, HEAD, POST"],
  [/^\/contacts\/[^/]+$/, "GET, HEAD, PATCH, DELETE"],
  [/^\/changes(\/head)?$/, "GET, HEAD"],
]

export const installGates = (app: FastifyInstance, { store, auth, rateLimit, injector }: Gates): void => {
  // a placeholder for the request's shape; `onRequest` gives each request its own
  app.decorateRequest("trace")

  app.addHook("onRequest", async (request, reply) => {
    request.trace = newTrace()
    if (isAdmin(request)) return
    request.trace.write = isWrite(request)
    await injector.before(request, reply)
    if (reply.sent) return
    if (pathOf(request) === "/oauth/token") return
    auth.verify(request.headers.authorization)
    const { allowed, headers } = rateLimit.take()
    reply.headers(headers)
    if (!allowed) throw new Problem(429, "rate-limited", "The window of requests is used up")
  })

  app.addHook("onSend", async (request, reply, payload) => {
    reply.header("date", new Date(store.clock.now()).toUTCString())
    // a server that was closed while it answered has nobody left to answer
    if (isAdmin(request) || !store.db.open) return payload
    const sent = injector.atAnswer(request, reply, payload)
    if (!request.trace.logged) {
      store.requests.add(entryOf(request, reply.statusCode, store.clock))
      request.trace.logged = true
    }
    return sent
  })

  app.setErrorHandler((error: FastifyError | Problem, _request, reply) => {
    const body = error instanceof Problem ? error.body : ofFramework(error)
    if (error instanceof Problem) reply.headers(error.headers)
    return reply.code(body.status).type("application/problem+json; charset=utf-8").send(JSON.stringify(body))
  })

  app.setNotFoundHandler((request) => {
    const allow = methodsAt.find(([path]) => path.test(pathOf(request)))?.[1]
    if (allow !== undefined) throw new Problem(405, "method-not-allowed", `Use one of ${allow}`, {}, { allow })
    throw new Problem(404, "no-such-route", `There is nothing at ${request.method} ${pathOf(request).slice(0, 200)}`)
  })
}
