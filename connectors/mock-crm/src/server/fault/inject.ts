// Lets ordered faults hit requests: some before anything is carried out, some when the answer is about to leave.
import { Readable } from "node:stream"
import { setTimeout as wait } from "node:timers/promises"
import type { FastifyReply, FastifyRequest } from "fastify"
import { bearerProblem } from "../gate/auth.ts"
import { Problem } from "../protocol/problem.ts"
import type { Store } from "../store/store.ts"
import { entryOf, isWrite, pathOf } from "../trace.ts"
import { numberSetting, type FaultBoard, type FaultKind, type FaultOrder } from "./order.ts"

/** An operator's latency is bounded, so that a server can still be closed. */
const maxLatencyMs = 600_000

const page = "<!doctype html><html><head><title>Just a moment</title></head><body><h1>We are checking your browser</h1></body></html>"

export interface Injector {
  before(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** Gives back the payload to send; undefined if the connection was cut instead. */
  atAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown
  take(kind: FaultKind, request: FastifyRequest): FaultOrder | null
}

const retryAfterOf = (order: FaultOrder): Record<string, string> => {
  const seconds = order.settings["retry_after"]
  return typeof seconds === "number" ? { "retry-after": String(seconds) } : {}
}

/** Waits, but no longer than the client does. */
const linger = async (request: FastifyRequest, ms: number): Promise<void> => {
  const hungUp = new AbortController()
  const stop = (): void => hungUp.abort()
  request.raw.socket.once("close", stop)
  await wait(ms, undefined, { ref: false, signal: hungUp.signal }).catch(() => undefined)
  request.raw.socket.off("close", stop)
}

export const makeInjector = (board: FaultBoard, store: Store): Injector => {
  const take = (kind: FaultKind, request: FastifyRequest): FaultOrder | null => {
    const order = board.take(kind, request.method, pathOf(request))
    if (order) request.trace.faults.push(kind)
    return order
  }
  const cut = (request: FastifyRequest): void => {
    store.requests.add(entryOf(request, 0, store.clock))
    request.trace.logged = true
    request.raw.socket.destroy()
  }
  return {
    take,
    before: async (request, reply) => {
      if (take("outage", request)) {
        cut(request)
        reply.hijack()
        return
      }
      const latency = take("latency", request)
      if (latency) await linger(request, Math.min(numberSetting(latency, "ms", 1000), maxLatencyMs))
      // the server may have been closed meanwhile
      if (!store.db.open) return void reply.hijack()
      // who hung up while waiting does not get his request carried out behind his back
      if (latency && request.raw.socket.destroyed) {
        cut(request)
        return void reply.hijack()
      }
      const limit = take("rate-limit", request)
      if (limit) {
        const headers = limit.settings["without_header"] === true ? {} : { "retry-after": "1", ...retryAfterOf(limit) }
        throw new Problem(429, "rate-limited", "Too many requests", {}, headers)
      }
      if (take("unauthorized", request)) throw bearerProblem("The token was revoked", "invalid_token")
      const status = take("status", request)
      if (status)
        throw new Problem(numberSetting(status, "status", 503), "unavailable", "The service is not available", {}, retryAfterOf(status))
      const html = take("html", request)
      if (html)
        await reply
          .code(numberSetting(html, "status", 200))
          .type("text/html; charset=utf-8")
          .send(page)
    },
    atAnswer: (request, reply, payload) => {
      if (reply.statusCode >= 300) return payload
      if (isWrite(request) && take("applied-no-answer", request)) {
        cut(request)
        return undefined
      }
      if (typeof payload !== "string" || payload.length < 2) return payload
      const truncated = take("truncated", request)
      if (!truncated) return payload
      const half = payload.slice(0, payload.length >> 1)
      if (truncated.settings["mode"] !== "connection") return half
      // promises the whole body, sends half of it, and hangs up
      reply.header("content-length", Buffer.byteLength(payload))
      return Readable.from(
        (async function* () {
          yield Buffer.from(half)
          await wait(20)
          throw new Error("cut")
        })(),
        { objectMode: false },
      )
    },
  }
}
