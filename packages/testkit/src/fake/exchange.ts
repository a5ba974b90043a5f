// One request as a handler sees it, and what a handler answers. Bodies are JSON or a form; a form is read as an object of texts.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http"
import type { Json } from "@syncline/connector"
import type { FaultOrder } from "./faults.ts"

export interface FakeRequest {
  readonly method: string
  /** As sent, without the query; still encoded. */
  readonly path: string
  /** The `:names` of the route, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** null where there was none. */
  readonly body: Json
  /** The body as it came. */
  readonly text: string
  /** Trouble of a kind that only this fake knows (`faultKinds`), ordered for this request. */
  readonly fault?: FaultOrder
}

export interface FakeAnswer {
  readonly status: number
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
  /** Items that the request changed, for the log. */
  readonly changed?: number
}

/** Thrown by a handler that will not: becomes the answer. */
export class Refused extends Error {
  readonly answer: FakeAnswer
  constructor(answer: FakeAnswer) {
    super(`answered with ${answer.status}`)
    this.name = "Refused"
    this.answer = answer
  }
}

export const refused = (status: number, body?: Json, headers?: Readonly<Record<string, string>>): Refused =>
  new Refused({ status, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) })

/** More than any of the real ones take. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

export const readText = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    // a socket without an encoding gives buffers
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw refused(413, "the body is too large")
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString("utf8")
}

/** Repeated fields of a form become a list. */
const readForm = (text: string): Json => {
  const fields = new URLSearchParams(text)
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name): [string, Json] => {
      const values = fields.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? "") : values]
    }),
  )
}

export const readBody = (text: string, contentType: string | undefined): Json => {
  if (text === "") return null
  if (contentType?.startsWith("application/x-www-form-urlencoded") === true) return readForm(text)
  if (contentType?.includes("json") !== true) return text
  try {
    return JSON.parse(text)
  } catch {
    throw refused(400, { message: "the body is not JSON" })
  }
}
