// One request from socket to socket: trouble, credentials, limits, route, answer, log. Never lets an error of a handler pass
// unnoticed: it becomes a 500 that says what it was.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import { setTimeout as pass } from "node:timers/promises"
import type { Json } from "@syncline/connector"
import { administer } from "./admin.ts"
import type { Clock } from "./clock.ts"
import type { FakeBuild } from "./define-fake.ts"
import { readBody, readText, Refused, type FakeAnswer, type FakeRequest } from "./exchange.ts"
import { FAULT_KINDS, type FaultOrder, type Faults } from "./faults.ts"
import type { RequestLog } from "./request-log.ts"
import { createRouter } from "./router.ts"
import { createWindows, type WindowUsage } from "./windows.ts"

interface ServeParts {
  readonly clock: Clock
  readonly faults: Faults
  readonly log: RequestLog
}

interface Judged {
  readonly answer: FakeAnswer
  readonly usage: readonly WindowUsage[]
  readonly write: boolean
  readonly refusedBy?: string
}

const ADMIN = "/admin/"
const LOGIN_PAGE = "<!doctype html><html><head><title>Sign in</title></head><body><form>Sign in to go on</form></body></html>"
const COMMON_KINDS: readonly string[] = FAULT_KINDS
/** How late an answer is that was ordered to be late. */
const LATE_MS = 1000

const plainTooMany = (): FakeAnswer => ({ status: 429, body: { message: "too many requests" } })

const attempt = async (handle: () => FakeAnswer | Promise<FakeAnswer>): Promise<FakeAnswer> => {
  try {
    return await handle()
  } catch (error) {
    if (error instanceof Refused) return error.answer
    return { status: 500, body: { message: `the fake failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` } }
  }
}

export const createListener = <World>(
  build: FakeBuild<World>,
  { clock, faults, log }: ServeParts,
): { readonly listener: RequestListener; readonly stop: () => void } => {
  const find = createRouter(build.routes)
  const windows = createWindows(build.windows ?? [], clock)
  const tooMany = build.tooMany ?? plainTooMany
  const stopping = new AbortController()
  let underWay = 0

  /** Credentials, limits, route. */
  const judge = async (request: FakeRequest): Promise<Judged> => {
    const found = find(request.method, request.path)
    const write = found?.write ?? !["GET", "HEAD"].includes(request.method)
    const denied = build.gate?.(request)
    if (denied !== undefined) return { answer: denied, usage: [], write }
    if (build.concurrency !== undefined && underWay > build.concurrency.max) {
      return { answer: build.concurrency.refuse, usage: [], write, refusedBy: "concurrency" }
    }
    const { full, usage } = windows.take(request)
    if (full !== null) return { answer: tooMany(full), usage, write, refusedBy: full.name }
    if (found === null) return { answer: build.notFound?.(request) ?? { status: 404, body: { message: "no such path" } }, usage, write }
    return { answer: await attempt(() => found.handle({ ...request, params: found.params })), usage, write }
  }

  const unanswered = (request: FakeRequest, answer: FakeAnswer): Judged => ({
    answer,
    usage: [],
    write: find(request.method, request.path)?.write ?? false,
  })

  /** What the request comes to under the trouble ordered for it. */
  const endure = async (request: FakeRequest, fault: FaultOrder | undefined): Promise<Judged> => {
    const answer: FakeAnswer = {
      status: fault?.status ?? 500,
      body: fault?.body ?? { message: "trouble as ordered" },
      headers: fault?.headers ?? {},
    }
    switch (fault?.kind) {
      case "outage":
        return unanswered(request, { status: fault.drop === true ? 0 : (fault.status ?? 503), body: "" })
      case "status": {
        const judged = fault.applied === true ? await judge(request) : unanswered(request, answer)
        return { ...judged, answer: { ...answer, changed: judged.answer.changed ?? 0 } }
      }
      case "html":
        return unanswered(request, {
          status: fault.status ?? 200,
          body: LOGIN_PAGE,
          headers: { "content-type": "text/html; charset=utf-8" },
        })
      case "rate-limit":
        return unanswered(request, {
          ...tooMany({ name: "ordered", max: 0, perMs: fault.ms ?? LATE_MS, remaining: 0, waitMs: fault.ms ?? LATE_MS }),
          ...(fault.headers === undefined ? {} : { headers: fault.headers }),
        })
      case "latency": {
        const late = () => pass(fault.ms ?? LATE_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
        if (fault.late === true) await late()
        const judged = await judge(request)
        if (fault.late !== true) await late()
        return judged
      }
      case "applied-no-answer": {
        const judged = await judge(request)
        return { ...judged, answer: { status: 0, changed: judged.answer.changed ?? 0 } }
      }
      default:
        return judge(fault === undefined || COMMON_KINDS.includes(fault.kind) ? request : { ...request, fault })
    }
  }

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = "/", query = ""] = (message.url ?? "/").split("?", 2)
    const method = message.method ?? "GET"
    const ours = path.startsWith(ADMIN)
    if (!ours) underWay += 1
    const concurrent = underWay
    try {
      let body: Json = null
      let text = ""
      const read = await attempt(async () => {
        text = await readText(message)
        body = readBody(text, message.headers["content-type"])
        return { status: 200 }
      })
      if (ours)
        return send(
          response,
          administer({ clock, faults, log, people: build.people, own: build.admin ?? {} }, `${method} ${path.slice(ADMIN.length)}`, body),
          {},
        )
      const request: FakeRequest = { method, path, params: {}, query: new URLSearchParams(query), headers: message.headers, body, text }
      const whole = query === "" ? path : `${path}?${query}`
      const fault = faults.take(method, whole)
      const { answer, usage, write, refusedBy } = read.status === 200 ? await endure(request, fault) : unanswered(request, read)
      log.add({
        at: clock.iso(),
        method,
        path: whole,
        body,
        status: answer.status,
        write,
        changed: answer.changed ?? 0,
        concurrent,
        ...(fault === undefined ? {} : { fault: fault.kind }),
        ...(refusedBy === undefined ? {} : { refusedBy }),
      })
      const headers = { date: new Date(clock.now()).toUTCString(), ...build.headers?.(usage) }
      if (answer.status === 0) response.destroy()
      else if (fault?.kind === "truncated") sendHalf(response, answer, headers)
      else send(response, answer, headers)
    } catch {
      // the caller hung up
      response.destroy()
    } finally {
      if (!ours) underWay -= 1
    }
  }
  return { listener: (message, response) => void serve(message, response), stop: () => stopping.abort() }
}

const payloadOf = ({ body }: FakeAnswer): Buffer =>
  Buffer.from(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body))

const headersOf = (answer: FakeAnswer, more: Readonly<Record<string, string>>, bytes: number): Record<string, string | number> => ({
  ...(answer.body === undefined || answer.body === ""
    ? {}
    : { "content-type": typeof answer.body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8" }),
  ...more,
  ...answer.headers,
  ...(answer.status === 204 ? {} : { "content-length": bytes }),
})

const send = (response: ServerResponse, answer: FakeAnswer, more: Readonly<Record<string, string>>): void => {
  const payload = payloadOf(answer)
  response.writeHead(answer.status, headersOf(answer, more, payload.length)).end(payload)
}

const sendHalf = (response: ServerResponse, answer: FakeAnswer, more: Readonly<Record<string, string>>): void => {
  const payload = payloadOf(answer)
  response.writeHead(answer.status, headersOf(answer, more, payload.length))
  response.write(payload.subarray(0, Math.max(1, payload.length >> 1)), () => response.destroy())
}
