// An HTTP server on this machine that passes requests on to one origin and their answers back, unless a rule says
// otherwise. Real sockets on both sides; the origin's own URLs in answers are turned into the proxy's.
import {
  createServer,
  request as httpRequest,
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http"
import { request as httpsRequest, Agent as HttpsAgent } from "node:https"
import type { Answered, Asked, Deed, Exchange, Purpose } from "./exchange.ts"

/** The kit's own header, which says what a request is for; it never reaches the system. */
export const MARK = "x-syncline-conformance"

export interface ProxyParts {
  readonly origin: URL
  readonly isToken: (path: string) => boolean
  /** An answer from there holds a token. */
  readonly learnToken: (path: string) => void
  readonly rule: (asked: Asked) => Deed | null
  readonly record: (exchange: Exchange) => void
}

export interface Proxy {
  readonly origin: string
  /** Closes the connections whose answers were held back. */
  readonly letGo: () => void
  readonly close: () => Promise<void>
}

const ISSUES_TOKEN = /^\s*\{[^[\]]*"access_token"\s*:\s*"/

const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-authorization", "te", "trailer", MARK])

export async function openProxy(parts: ProxyParts): Promise<Proxy> {
  const secure = parts.origin.protocol === "https:"
  const hung = new Set<ServerResponse>()
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const here = `http://127.0.0.1:${port}`

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request)
    const path = request.url ?? "/"
    const mark = request.headers[MARK]
    const asked: Asked = {
      method: request.method ?? "GET",
      path,
      headers: plain(request.headers),
      body,
      purpose: purposeOf(mark, request.method ?? "GET", parts.isToken(path)),
      byClient: mark !== undefined,
    }
    const exchange: Exchange = { asked, answered: null, deed: null, from: performance.now(), until: Number.POSITIVE_INFINITY }
    response.once("close", () => (exchange.until = performance.now()))
    const deed = parts.rule(asked)
    parts.record(exchange)
    if (deed !== null) exchange.deed = describeDeed(deed)
    if (deed?.do === "refuse") return void response.destroy()
    if (deed?.do === "answer") return send(exchange, response, { status: deed.status, headers: deed.headers ?? {}, body: deed.body ?? "" })
    const forwarded = await forward(asked)
    if (asked.purpose !== "token" && ISSUES_TOKEN.test(forwarded.body)) parts.learnToken(path)
    if (deed?.do === "swallow") return void response.destroy()
    // The caller goes away in its own time; so does the proxy when it is closed.
    if (deed?.do === "hang") return void hung.add(response)
    if (deed?.do === "hold") await deed.until
    send(exchange, response, deed?.do === "change" ? deed.with(forwarded) : forwarded)
  }

  const forward = (asked: Asked): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string> = { ...asked.headers, host: parts.origin.host, "accept-encoding": "identity" }
      for (const name of HOP_BY_HOP) delete headers[name]
      if (asked.body !== "") headers["content-length"] = String(Buffer.byteLength(asked.body))
      const outgoing = (secure ? httpsRequest : httpRequest)(
        new URL(asked.path, parts.origin),
        { method: asked.method, headers, agent },
        (incoming) => {
          readAll(incoming).then(
            (text) =>
              resolve({
                status: incoming.statusCode ?? 502,
                headers: turnedHere(plain(incoming.headers), parts.origin.origin, here),
                body: text.replaceAll(parts.origin.origin, here),
              }),
            reject,
          )
        },
      )
      outgoing.once("error", reject)
      outgoing.end(asked.body)
    })

  return {
    origin: here,
    letGo: () => {
      for (const response of hung) response.destroy()
      hung.clear()
    },
    close: async () => {
      agent.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const send = (exchange: Exchange, response: ServerResponse, answered: Answered): void => {
  exchange.answered = answered
  const headers = { ...answered.headers }
  for (const name of [...HOP_BY_HOP, "content-length", "content-encoding"]) delete headers[name]
  response.writeHead(answered.status, headers)
  response.end(answered.body)
}

const purposeOf = (mark: string | string[] | undefined, method: string, isToken: boolean): Purpose => {
  if (isToken) return "token"
  if (mark === "read" || mark === "write") return mark
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "write"
}

const describeDeed = (deed: Deed): string => {
  switch (deed.do) {
    case "answer":
      return "answered by the kit; the system did not hear of it"
    case "refuse":
      return "the connection was closed before the system heard of it"
    case "swallow":
      return "the system did its work; its answer was thrown away"
    case "hang":
      return "the system did its work; its answer was held back"
    case "hold":
      return "the answer was held back for a moment"
    case "change":
      return `the answer was changed on its way: ${deed.says}`
  }
}

const readAll = async (stream: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString("utf8")
}

const plain = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === "string" ? value : value.join(", ")]],
    ),
  )

const turnedHere = (headers: Record<string, string>, origin: string, here: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll(origin, here)]))
