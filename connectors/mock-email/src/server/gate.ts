// What every API request passes on its way in and out: ordered trouble, the cap on simultaneous requests, the API key,
// and on the way out the platform's own Date, late or broken answers, and the request log. `/admin` passes freely.
import { setTimeout as delay } from "node:timers/promises"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { hasKey } from "./api-key.ts"
import type { Clock } from "./clock.ts"
import type { FaultOrder, Faults } from "./faults.ts"
import type { RequestLog } from "./request-log.ts"
import { beginNotes, notesOf } from "./request-notes.ts"

export interface GateParts {
  readonly apiKey: string
  readonly maxConcurrent: number
  readonly clock: Clock
  readonly faults: Faults
  readonly log: RequestLog
  readonly closing: AbortSignal
}

const error = (code: string, message: string) => ({ error: { code, message } })
const isAdmin = (request: FastifyRequest): boolean => /^\/admin(?:[/?]|$)/.test(request.url)

/** Answers at once for the faults that keep a request from being carried out; true if it did. */
const refuse = (fault: FaultOrder | undefined, request: FastifyRequest, reply: FastifyReply): boolean => {
  switch (fault?.kind) {
    case "outage":
      if (fault.drop === true) request.raw.socket.destroy()
      reply.code(503).send(error("unavailable", "the platform is down for the moment"))
      return true
    case "status":
      reply.code(fault.status ?? 500).send(error("ordered", "this status was ordered through the admin port"))
      return true
    case "html":
      reply
        .code(fault.status ?? 200)
        .type("text/html; charset=utf-8")
        .send("<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>")
      return true
    case "unauthorized":
      reply.code(401).send(error("unauthorized", "the API key is not valid"))
      return true
    case "rate-limit":
      reply.code(429).send(error("too_many_requests", "too many requests"))
      return true
    default:
      return false
  }
}

export const addGate = (app: FastifyInstance, parts: GateParts): void => {
  let running = 0

  app.addHook("onRequest", (request, reply, done) => {
    if (isAdmin(request)) return done()
    const fault = parts.faults.take(request.method, request.url)
    beginNotes(request, fault)
    if (refuse(fault, request, reply)) return
    if (running >= parts.maxConcurrent) {
      // No Retry-After: this platform does not say when.
      reply.code(429).send(error("too_many_requests", `at most ${parts.maxConcurrent} requests at once`))
      return
    }
    running += 1
    reply.raw.once("close", () => {
      running -= 1
    })
    if (!hasKey(request.headers, parts.apiKey)) {
      reply.code(401).send(error("unauthorized", "the API key is missing or not valid"))
      return
    }
    done()
  })

  app.addHook("onSend", async (request, reply, payload) => {
    reply.header("date", new Date(parts.clock.now()).toUTCString())
    const notes = notesOf(request)
    if (notes === undefined) return payload
    const { fault } = notes
    if (fault?.kind === "latency") await delay(fault.ms ?? 1000, undefined, { signal: parts.closing, ref: false }).catch(() => {})
    if (fault?.kind === "applied-no-answer") request.raw.socket.destroy()
    parts.log.add({
      method: request.method,
      path: request.url,
      status: request.raw.socket.destroyed ? 0 : reply.statusCode,
      write: request.method !== "GET" && request.method !== "HEAD",
      ids: notes.ids,
      addresses: notes.addresses,
      writes: notes.writes,
      ...(fault === undefined ? {} : { fault: fault.kind }),
    })
    return fault?.kind === "truncated" && typeof payload === "string" ? payload.slice(0, Math.floor(payload.length / 2)) : payload
  })
}
