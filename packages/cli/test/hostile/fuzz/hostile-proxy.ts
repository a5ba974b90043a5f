// A server between a client and a real mock: it passes requests on, and now and then makes something hostile of the answer,
// down to the bytes on the wire.
import { createServer, type IncomingMessage, type Server } from "node:http"
import { gzipSync } from "node:zlib"
import { below, mutate, oddValue, pick, type Random } from "./mutate.ts"

export interface Proxy {
  readonly url: string
  /** From here on; `share` of the answers are hostile. Answers what was sent, shortened. */
  readonly turn: (random: Random, share: number) => readonly string[]
  readonly close: () => Promise<void>
}

const HEADERS: readonly string[] = [
  "retry-after: 99999999999",
  "retry-after: soon",
  "retry-after: -1",
  "date: Thu, 01 Jan 1970 00:00:00 GMT",
  "date: tomorrow",
  "etag: \u00ff",
  "location: http://169.254.169.254/latest/meta-data",
  "location: //evil.example/",
  "content-type: text/html",
  "content-type: application/json; charset=klingon",
  "content-encoding: gzip",
  "x-ratelimit-remaining: NaN",
  "x-ratelimit-reset: 1e99",
  "set-cookie: a=b",
  `link: <http://evil.example/next>; rel="next"`,
  `x-long: ${"x".repeat(20_000)}`,
]
const STATUSES = [200, 200, 200, 201, 204, 206, 301, 307, 400, 401, 403, 404, 409, 410, 412, 418, 422, 429, 500, 502, 503, 504, 599, 999]

export async function startProxy(target: string, credentials: Readonly<Record<string, string>>): Promise<Proxy> {
  let random: Random = () => 1
  let share = 0
  let sent: string[] = []
  const server: Server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      const answer = await fetch(target + (request.url ?? "/"), {
        method: request.method ?? "GET",
        headers: { "content-type": request.headers["content-type"] ?? "application/json", ...credentials },
        ...(body.length === 0 ? {} : { body }),
      })
      const text = await answer.text()
      if (random() >= share) {
        response.writeHead(answer.status, { "content-type": "application/json" }).end(text)
        return
      }
      const bytes = hostile(answer.status, text, request, random)
      sent.push(bytes.subarray(0, 400).toString("latin1"))
      // as it is, whatever HTTP says
      request.socket.end(bytes)
    })().catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("the proxy has no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    turn: (die, odds) => {
      random = die
      share = odds
      sent = []
      return sent
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

function hostile(status: number, text: string, request: IncomingMessage, random: Random): Buffer {
  const body =
    below(random, 7) === 0
      ? Buffer.from(pick(random, ["", "null", "[]", "<html>", "\u0000", "{"]))
      : Buffer.from(bodyFrom(text, request, random))
  const packed = random() < 0.05 ? gzipSync(random() < 0.3 ? Buffer.alloc(3_000_000, 32) : body) : body
  const told = random() < 0.1 ? pick(random, [packed.length + 7, Math.max(0, packed.length - 3), -1, 1e30]) : packed.length
  const head = [
    `HTTP/1.1 ${random() < 0.6 ? status : pick(random, STATUSES)} ${random() < 0.05 ? "\u0001" : "OK"}`,
    ...(random() < 0.9 ? ["content-type: application/json"] : []),
    ...(packed === body ? [] : ["content-encoding: gzip"]),
    ...Array.from({ length: below(random, 3) }, () => pick(random, HEADERS)),
    random() < 0.1 ? "transfer-encoding: chunked" : `content-length: ${told}`,
    "connection: close",
  ]
  const whole = Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), packed])
  if (random() < 0.07) return whole.subarray(0, below(random, whole.length))
  if (random() < 0.03) return Buffer.from(mutate(whole.toString("latin1"), random, text), "latin1")
  return whole
}

/** The text of an answer, or its values, changed; what was asked may come back with it, credentials and all. */
function bodyFrom(text: string, request: IncomingMessage, random: Random): string {
  const kind = random()
  if (kind < 0.3) return mutate(text === "" ? "{}" : text, random, '{"items": [{"id": 1}]}')
  if (kind < 0.4) return JSON.stringify({ error: { code: "x", message: JSON.stringify(request.headers) }, detail: request.headers })
  if (kind < 0.45) return `${"[".repeat(5_000)}${"]".repeat(5_000)}`
  try {
    return JSON.stringify(changed(JSON.parse(text), random))
  } catch {
    return JSON.stringify(oddValue(random))
  }
}

function changed(value: unknown, random: Random): unknown {
  if (random() < 0.08) return oddValue(random)
  if (Array.isArray(value)) {
    const list = value.map((each) => changed(each, random))
    return random() < 0.1 ? [...list, ...list] : list
  }
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (random() < 0.05 ? [] : [[key, changed(each, random)] as const])),
  )
}
