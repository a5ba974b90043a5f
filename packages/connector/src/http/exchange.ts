// One request and its answer on the wire: timeout over everything, decompression, a limit on decoded bytes, prompt abort.
// Leaves the answer whatever its status, or throws a FaultError that knows whether the request may have been carried out.
import type { LookupFunction } from "node:net"
import type { Agent, Dispatcher } from "undici"
import { FaultError } from "../fault.ts"
import { ACCEPT_ENCODING, decodeContent, type Decoded } from "./decode-content.ts"
import { faultOfTrouble, inDoubt, notComposed } from "./fault-of-trouble.ts"

export interface WireRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  /** The call changes nothing. */
  readonly safe: boolean
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal | undefined
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
}

/** Connections per system where its limits name no number. */
const DEFAULT_CONNECTIONS = 10

/** The connections to one system. Whoever never calls it need not wait for undici to load, which takes longer than the rest. */
export interface Wire {
  open(): Promise<Agent>
  destroy(): Promise<void>
}

export function openWire(lookup: LookupFunction, connections = DEFAULT_CONNECTIONS): Wire {
  let agent: Promise<Agent> | null = null
  const make = async (): Promise<Agent> => {
    const undici = await import("undici")
    // The timeouts of undici are coarse and start anew with each part of an answer: ours covers the whole exchange.
    // HTTP/1.1 only: there "was it sent" has a clear meaning.
    return new undici.Agent({ connections, allowH2: false, headersTimeout: 0, bodyTimeout: 0, connect: { lookup, timeout: 0 } })
  }
  return {
    open: () => (agent ??= make()),
    destroy: async () => (await agent)?.destroy(),
  }
}

/** Notes the moment from which bytes of a request may have left. */
const noteSending =
  (note: () => void): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context)
        // An abort that came while the connection was being made stops the request here.
        if (!controller.aborted) note()
      },
      onResponseStart: (controller, status, headers, text) => handler.onResponseStart?.(controller, status, headers, text),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    })

/** Not imported: the import of this module loads everything that its namespace offers, a second HTTP client among it. */
const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule("node:http")

/** Before undici sees it: a header that it refuses costs it a connection for good, and with the last one it waits for ever. */
const mustBeSendable = ({ url, headers }: WireRequest): void => {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
  } catch (cause) {
    throw new FaultError({ class: "invalid", message: notComposed(url.host) }, { cause })
  }
}

export async function exchange(wire: Wire, request: WireRequest): Promise<WireAnswer> {
  const { url, signal, safe } = request
  mustBeSendable(request)
  let sent = false
  let refused = false
  const sending = () => ({ host: url.host, safe, sent, refused })
  const stop = new AbortController()
  const stopped = Promise.withResolvers<never>()
  const halt = (why: string, cause?: unknown): void => {
    const error = new FaultError(inDoubt(sending(), why), { cause })
    stop.abort(error)
    stopped.reject(error)
  }
  const onAbort = (): void => halt("the call was cancelled", signal?.reason)
  if (signal?.aborted === true) onAbort()
  signal?.addEventListener("abort", onAbort, { once: true })
  const timer = setTimeout(() => halt(`no answer within ${request.timeoutMs / 1000} s`), request.timeoutMs)
  const talk = async (): Promise<WireAnswer> => {
    const agent = await wire.open()
    const answer = await agent.compose(noteSending(() => (sent = true))).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: { "accept-encoding": ACCEPT_ENCODING, ...request.headers },
      body: request.body,
      signal: stop.signal,
    })
    const headers = plainHeaders(answer.headers)
    refused = saysNothingWasDone(answer.statusCode)
    const packed = await readBounded(answer.body, request.maxBytes)
    const decoded: Decoded =
      packed === null
        ? { why: `larger than ${request.maxBytes} bytes`, tooLarge: true }
        : await decodeContent(packed, headers["content-encoding"], request.maxBytes)
    if ("why" in decoded) {
      const doubt = inDoubt(sending(), `its answer is ${decoded.why}`)
      // Asking again would bring the same huge answer.
      throw new FaultError({ ...doubt, ...(safe && decoded.tooLarge ? { class: "invalid" } : {}), status: answer.statusCode })
    }
    return { status: answer.statusCode, headers, bytes: decoded.bytes }
  }
  try {
    // Raced, because undici looks at its signal only once a connection is there.
    const talking = talk()
    talking.catch(() => {})
    return await Promise.race([talking, stopped.promise])
  } catch (error) {
    throw faultOfTrouble(error, sending())
  } finally {
    stopped.promise.catch(() => {})
    clearTimeout(timer)
    signal?.removeEventListener("abort", onAbort)
  }
}

/** Of a 5xx only 503 does: the others may have been sent half way through the work. */
export const saysNothingWasDone = (status: number): boolean => (status >= 300 && status < 500) || status === 503

const readBounded = async (body: AsyncIterable<Uint8Array> & { destroy(): unknown }, maxBytes: number): Promise<Uint8Array | null> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop destroys the body and with it the connection.
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

const plainHeaders = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> => {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== "__proto__") plain[name] = typeof value === "string" ? value : value.join(", ")
  }
  return plain
}
