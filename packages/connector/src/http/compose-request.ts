// A connector's request -> what goes on the wire, apart from authentication. Pure; throws a FaultError of class `invalid`.
import { urlBelow } from "./egress.ts"
import type { HttpMethod, HttpRequest, QueryValue } from "./client.ts"

export interface ComposedRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  /** Repeating it does no harm. */
  readonly safe: boolean
}

export const composeRequest = (base: URL, request: HttpRequest): ComposedRequest => {
  const url = urlBelow(base, request.path)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    url.searchParams.delete(name)
    for (const each of listed(value)) if (each !== undefined) url.searchParams.append(name, String(each))
  }
  const accept = request.answer === "text" ? "*/*" : "application/json, application/problem+json"
  const headers: Record<string, string> = { accept, "user-agent": "syncline" }
  let body: string | Uint8Array | null = null
  if (request.content !== undefined) {
    body = request.content.data
    headers["content-type"] = request.content.type
  } else if (request.form !== undefined) {
    body = new URLSearchParams(pairsOf(request.form)).toString()
    headers["content-type"] = "application/x-www-form-urlencoded"
  } else if (request.json !== undefined) {
    body = JSON.stringify(request.json)
    headers["content-type"] = "application/json"
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value
  return { url, headers, body, safe: request.safe ?? SAFE.has(request.method) }
}

const SAFE: ReadonlySet<HttpMethod> = new Set<HttpMethod>(["GET", "HEAD", "PROPFIND", "REPORT"])

const listed = (value: QueryValue | readonly QueryValue[]): readonly QueryValue[] => (typeof value === "object" ? value : [value])

const pairsOf = (form: NonNullable<HttpRequest["form"]>): [string, string][] =>
  isPairs(form) ? form.map(([name, value]) => [name, value]) : Object.entries(form)

const isPairs = (form: NonNullable<HttpRequest["form"]>): form is readonly (readonly [string, string])[] => Array.isArray(form)
