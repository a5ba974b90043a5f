// Where a redirect leads. Followed on the same origin only, for reads only, a few times only: credentials and items
// must not travel to a host that the configuration does not name. Everything else is a fault; nothing was done.
import { FaultError } from "../fault.ts"
import type { HttpRequest } from "./client.ts"

const MAX_REDIRECTS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** `null`: no redirect, or one that the caller accepts as an answer. */
export const redirectTarget = (
  request: HttpRequest,
  from: URL,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  hops: number,
): URL | null => {
  const { status } = answer
  const location = answer.headers["location"]
  if (!REDIRECTS.has(status) || location === undefined || request.accept?.includes(status) === true) return null
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null
  const refuse = (how: string): FaultError =>
    new FaultError({ class: "transient", message: `${from.host} redirects ${how}, which is not followed.`, status })
  if (target === null || target.origin !== from.origin) throw refuse(`to another host${target === null ? "" : ` (${target.host})`}`)
  if (request.method !== "GET" && request.method !== "HEAD" && request.method !== "PROPFIND")
    throw refuse("a call that is not a plain read")
  if (hops >= MAX_REDIRECTS) throw refuse("in circles")
  return target
}
