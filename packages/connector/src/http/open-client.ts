// The HTTP client of one system: turn at the limiter -> credentials -> exchange -> classified answer, and around it the
// few repetitions that are always harmless: of safe calls, and once after a token expired.
// Every fault and log entry that leaves here is free of secrets.
import { setTimeout as sleepFor } from "node:timers/promises"
import { openAuthenticator, secretsOf, type Credentials } from "../auth/authenticator.ts"
import { createRedactor } from "../auth/redactor.ts"
import type { TokenAnswer } from "../auth/token-source.ts"
import { FaultError, type Fault } from "../fault.ts"
import { Limiter } from "../limit/limiter.ts"
import { readHttpDate } from "../limit/retry-after.ts"
import type { HttpRequest, HttpResponse, HttpSettings } from "./client.ts"
import type { HttpClientParts, HttpLogEntry, OpenHttpClient } from "./client-parts.ts"
import { cleanFault } from "./clean-fault.ts"
import { ClockOffset } from "./clock-offset.ts"
import { composeRequest, type ComposedRequest } from "./compose-request.ts"
import { openEgress, urlBelow } from "./egress.ts"
import { exchange, openWire, saysNothingWasDone, type WireAnswer } from "./exchange.ts"
import { faultOfAnswer } from "./fault-of-answer.ts"
import { inDoubt } from "./fault-of-trouble.ts"
import { readAnswer } from "./read-answer.ts"
import { redirectTarget } from "./redirect.ts"
import { repeatAfter } from "./repeat.ts"

interface Attempted {
  readonly answer: WireAnswer
  readonly credentials: Credentials
  /** How long the system wants to be left alone, if it refused the call for its rate. */
  readonly holdMs: number | undefined
}

const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024
const MAX_TOKEN_BYTES = 256 * 1024
/** Three of each kind: access token and refresh token. */
const TOKENS_REMEMBERED = 6

const sleepReally = (ms: number, signal?: AbortSignal): Promise<void> => sleepFor(ms, undefined, signal === undefined ? {} : { signal })

export function openHttpClient(settings: HttpSettings, parts: HttpClientParts): OpenHttpClient {
  const { now, sleep = sleepReally, random = Math.random, log } = parts
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxResponseBytes: maxBytes = DEFAULT_MAX_BYTES, auth } = settings
  const egress = openEgress(parts.allowPrivateHosts ?? [])
  const base = egress.admit(settings.baseUrl)
  const tokenUrl = !("tokenUrl" in auth)
    ? base
    : /^https?:/i.test(auth.tokenUrl)
      ? egress.admit(auth.tokenUrl)
      : urlBelow(base, auth.tokenUrl)
  const wire = openWire(egress.lookup, settings.limits.concurrency)
  const limiter = new Limiter(settings.limits, { now, sleep, ...(parts.limits === undefined ? {} : { state: parts.limits }) })
  const clock = new ClockOffset(parts.clock ?? null)
  const stats = { attempts: 0, repeated: 0, faults: 0, rateLimited: 0, tokens: 0, bytesIn: 0 }

  const underway = new Set<Promise<HttpResponse>>()

  const known = [...secretsOf(auth), ...(parts.secrets ?? [])]
  let redact = createRedactor(known)
  // The last tokens only: an old one may still turn up in an answer that is on its way.
  const tokens: string[] = []
  const learn = (token: string): void => {
    if (tokens.includes(token)) return
    tokens.push(token)
    if (tokens.length > TOKENS_REMEMBERED) tokens.shift()
    redact = createRedactor([...known, ...tokens])
  }
  const postForm = async (form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>): Promise<TokenAnswer> => {
    const body = new URLSearchParams({ ...form }).toString()
    const all = { accept: "application/json", "content-type": "application/x-www-form-urlencoded", "user-agent": "syncline", ...headers }
    // Asking for a token changes nothing that matters: without an answer, one just asks again.
    const answer = await exchange(wire, {
      url: tokenUrl,
      method: "POST",
      headers: all,
      body,
      safe: true,
      timeoutMs,
      maxBytes: MAX_TOKEN_BYTES,
      signal: undefined,
    })
    const read = readAnswer("POST", answer, redact)
    stats.tokens++
    return { status: answer.status, body: read.kind === "json" ? read.body : null }
  }
  /** The system's own time where it is known to be another than ours. */
  const systemNow = (): number => {
    const offset = clock.interval(now())
    return offset === null || (offset.low <= 0 && offset.high >= 0) ? now() : now() + (offset.low + offset.high) / 2
  }
  const authenticator = openAuthenticator(auth, { host: tokenUrl.host, now, systemNow, post: postForm, learn, keeper: parts.keeper })

  const note = (entry: HttpLogEntry): void => {
    try {
      log?.({ ...entry, path: redact(entry.path) })
    } catch {
      // A log that fails must not turn a change that was made into one that looks as if it was not.
    }
  }

  /** One attempt: takes its turn, sends, learns from the answer. */
  const attemptOnce = async (request: HttpRequest, composed: ComposedRequest, attempt: number): Promise<Attempted> => {
    const { signal, method } = request
    const permit = await limiter.acquire({
      ...(request.cost === undefined ? {} : { cost: request.cost }),
      ...(request.priority === undefined ? {} : { priority: request.priority }),
      target: { method, path: belowBase(base, composed.url) },
      ...(parts.maxWaitMs === undefined ? {} : { maxWaitMs: parts.maxWaitMs }),
      ...(signal === undefined ? {} : { signal }),
    })
    let credentials: Credentials
    try {
      credentials = await untilAborted(authenticator.credentials({ ...composed, method }), signal)
    } catch (error) {
      permit.giveBack()
      throw error
    }
    const sentAt = now()
    stats.attempts++
    if (attempt > 1) stats.repeated++
    const about = { at: sentAt, method, path: composed.url.pathname, attempt }
    try {
      const { url, headers, body, safe } = composed
      const answer = await exchange(wire, {
        url: withQuery(url, credentials.query),
        method,
        headers: { ...headers, ...credentials.headers },
        body,
        safe,
        timeoutMs,
        maxBytes,
        signal,
      })
      const receivedAt = now()
      const date = readHttpDate(answer.headers["date"])
      // An answer from a cache on the way is dated by the time it was stored.
      if (date !== undefined && answer.headers["age"] === undefined) clock.observe({ sentAt, receivedAt, date })
      stats.bytesIn += answer.bytes.length
      note({ ...about, status: answer.status, ms: receivedAt - sentAt })
      return { answer, credentials, holdMs: limiter.observe(answer) }
    } catch (error) {
      note({ ...about, status: null, ms: now() - sentAt, ...(error instanceof FaultError ? { fault: error.fault.class } : {}) })
      throw error
    } finally {
      permit.release()
    }
  }

  /** A response, or the fault that the answer amounts to. */
  const judge = (request: HttpRequest, composed: ComposedRequest, answer: WireAnswer, holdMs: number | undefined): HttpResponse | Fault => {
    const { status, headers } = answer
    const read = readAnswer(request.method, answer, redact, request.answer === "text")
    const said = read.kind === "json" ? { body: read.body } : { body: null, text: read.text }
    const verdict = request.judge?.({ status, headers, ...said }) ?? null
    if (status === 429) stats.rateLimited++
    // A web page is what stands in front of the system, and never speaks for it.
    const isPage = read.kind === "other" && read.html
    if (verdict === "answer" && !isPage) return { status, headers, body: read.kind === "json" ? read.body : read.text }
    const judged = verdict === "answer" ? null : verdict
    if (judged !== null) {
      const fault = { status, ...judged }
      if (judged.class !== "rateLimited") return fault
      // How long, in the system's own words, comes before what the limiter guessed.
      if (judged.retryAfterMs !== undefined && holdMs !== undefined) limiter.pause(judged.retryAfterMs)
      // Said in another way than by a 429, so that the limiter has not noticed.
      return {
        ...fault,
        retryAfterMs: holdMs === undefined ? limiter.refused(headers, judged.retryAfterMs) : (judged.retryAfterMs ?? holdMs),
      }
    }
    const welcome = (status >= 200 && status < 300) || request.accept?.includes(status) === true
    if (welcome && read.kind === "json") return { status, headers, body: read.body }
    if (welcome && read.kind === "text") return { status, headers, body: read.text }
    if (welcome && read.kind === "other") {
      // An accepted 404 that is a gateway's page says nothing about the item, and nothing was done either.
      return {
        ...inDoubt(
          { host: composed.url.host, safe: composed.safe, sent: true, refused: saysNothingWasDone(status) },
          `the answer is ${read.why}`,
        ),
        status,
      }
    }
    const fault = faultOfAnswer(
      { status, headers, ...said, ...(read.kind === "other" ? { html: read.html } : {}) },
      { safe: composed.safe, nowMs: now(), redact },
    )
    return fault.class === "rateLimited" && holdMs !== undefined ? { ...fault, retryAfterMs: holdMs } : fault
  }

  const run = async (request: HttpRequest): Promise<HttpResponse> => {
    let composed = composeRequest(base, request)
    let renewed = false
    let hops = 0
    for (let attempt = 1, tries = 1; ; attempt++) {
      let fault: Fault
      try {
        const { answer, credentials, holdMs } = await attemptOnce(request, composed, attempt)
        if (answer.status === 401 && !renewed && authenticator.refused(credentials)) {
          renewed = true
          continue
        }
        const target = redirectTarget(request, composed.url, answer, hops)
        if (target !== null) {
          hops++
          composed = { ...composed, url: target }
          continue
        }
        const judged = judge(request, composed, answer, holdMs)
        if ("body" in judged) return judged
        fault = judged
      } catch (error) {
        if (!(error instanceof FaultError) || request.signal?.aborted === true) throw error
        fault = error.fault
      }
      const delayMs = repeatAfter(fault, tries, random)
      if (!composed.safe || delayMs === null) throw new FaultError(fault)
      tries++
      try {
        await sleep(delayMs, request.signal)
      } catch {
        throw new FaultError(fault)
      }
    }
  }

  return {
    async request(request) {
      const running = run(request)
      underway.add(running)
      try {
        return await running
      } catch (error) {
        stats.faults++
        if (error instanceof FaultError) throw new FaultError(cleanFault(error.fault, redact), { cause: error.cause })
        throw error
      } finally {
        underway.delete(running)
      }
    },
    clock() {
      const interval = clock.interval(now())
      return interval === null ? null : { offsetLowMs: interval.low, offsetHighMs: interval.high }
    },
    clockState: () => clock.toJSON(),
    limits: () => limiter.state(),
    get stats() {
      return { ...stats }
    },
    redact: (text) => redact(text),
    async close() {
      limiter.close()
      await Promise.allSettled(underway)
      // Not `close`: that would wait for connections that nobody waits for any more.
      await wire.destroy()
    },
  }
}

/** A token that several calls wait for is not given up because one of them is. */
const untilAborted = <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const stop = (): void =>
      reject(new FaultError({ class: "transient", message: "The call was cancelled before it was sent." }, { cause: signal.reason }))
    if (signal.aborted) return stop()
    signal.addEventListener("abort", stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop))
  })
}

const withQuery = (url: URL, query: Credentials["query"]): URL => {
  if (query === undefined) return url
  const whole = new URL(url)
  for (const [name, value] of Object.entries(query)) whole.searchParams.set(name, value)
  return whole
}

const belowBase = (base: URL, { pathname }: URL): string => {
  const root = base.pathname.replace(/\/+$/, "")
  return pathname.startsWith(`${root}/`) ? pathname.slice(root.length) : pathname
}
