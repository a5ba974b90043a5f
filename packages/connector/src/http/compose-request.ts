// A connector's request -> what goes on the wire, apart from authentication. Pure; throws a FaultError of class `invalid`.
import { urlBelow } from "./egress.ts"
import type { HttpRequest } from "./client.ts"

export interface ComposedRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Repeating it does no harm. */
  readonly safe: boolean
}

export const composeRequest = (base: URL, request: HttpRequest): ComposedRequest => {
  const url = urlBelow(base, request.path)
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value))
  const headers: Record<string, string> = { accept: "application/json, application/problem+json", "user-agent": "syncline" }
  let body: string | null = null
  if (request.form !== undefined) {
    body = new URLSearchParams({ ...request.form }).toString()
    headers["content-type"] = "application/x-www-form-urlencoded"
  } else if (request.json !== undefined) {
    body = JSON.stringify(request.json)
    headers["content-type"] = "application/json"
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value
  return { url, headers, body, safe: request.safe ?? (request.method === "GET" || request.method === "HEAD") }
}
