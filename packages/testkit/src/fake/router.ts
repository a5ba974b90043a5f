// `"PATCH /people/:id"` -> handler. The first route that fits is taken, in the order in which they are written;
// a last segment `*name` takes the rest of the path.
import { refused, type FakeAnswer, type FakeRequest } from "./exchange.ts"

export type Handler = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>

export interface ReadingHandler {
  readonly reads: true
  readonly handle: Handler
}

/** Marks a handler that changes nothing although its method could: a search by POST. */
export const reads = (handle: Handler): ReadingHandler => ({ reads: true, handle })

export type Routes = Readonly<Record<string, Handler | ReadingHandler>>

export interface Found {
  readonly handle: Handler
  readonly params: Readonly<Record<string, string>>
  /** Whether the route can change something. */
  readonly write: boolean
}

interface Route {
  readonly method: string
  readonly segments: readonly string[]
  readonly target: Handler | ReadingHandler
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw refused(400, { message: "the path is not well encoded" })
  }
}

const match = (segments: readonly string[], path: readonly string[]): Record<string, string> | null => {
  const params: Record<string, string> = {}
  for (const [at, segment] of segments.entries()) {
    if (segment.startsWith("*")) {
      params[segment.slice(1)] = path.slice(at).map(decoded).join("/")
      return params
    }
    const given = path[at]
    if (given === undefined) return null
    if (segment.startsWith(":")) {
      if (given === "") return null
      params[segment.slice(1)] = decoded(given)
    } else if (segment !== given) return null
  }
  return segments.length === path.length ? params : null
}

export const createRouter = (routes: Routes): ((method: string, path: string) => Found | null) => {
  const table = Object.entries(routes).map(([key, target]): Route => {
    const [method = "", path = ""] = key.split(" ")
    return { method, segments: path.split("/").slice(1), target }
  })
  return (method, path) => {
    const segments = path.split("/").slice(1)
    for (const route of table) {
      if (route.method !== method) continue
      const params = match(route.segments, segments)
      if (params === null) continue
      const reading = typeof route.target !== "function"
      const handle = typeof route.target === "function" ? route.target : route.target.handle
      return { handle, params, write: !reading && method !== "GET" && method !== "HEAD" }
    }
    return null
  }
}
