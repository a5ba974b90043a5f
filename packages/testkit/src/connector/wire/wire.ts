// Everything between a connector and its system: one proxy for each origin that the configuration names, one log of what
// passed, one rule that may interfere.
import type { HttpSettings, JsonObject, Json } from "@syncline/connector"
import type { Exchange, Rule } from "./exchange.ts"
import { openProxy, type Proxy } from "./proxy.ts"

export interface Wire {
  /** The configuration with every URL led through the proxy. */
  config(config: JsonObject): Promise<JsonObject>
  /** Settings of the HTTP client, where they name an origin of their own. */
  settings(settings: HttpSettings): Promise<HttpSettings>
  /** From now on; `null` lets everything pass. */
  rule(rule: Rule | null): void
  readonly log: readonly Exchange[]
  /** Empties the log: for a check that begins, since places in a log that drops its oldest move. */
  forget(): void
  close(): Promise<void>
}

/** A long suite on a large system must not keep every byte that passed. */
const KEPT_EXCHANGES = 2000

export function openWire(): Wire {
  const proxies = new Map<string, Promise<Proxy>>()
  const opened = new Set<Proxy>()
  const own = new Set<string>()
  const tokenPaths = new Set<string>()
  const log: Exchange[] = []
  let rule: Rule | null = null

  const proxied = async (text: string): Promise<string> => {
    const url = new URL(text)
    if (own.has(url.origin)) return text
    let proxy = proxies.get(url.origin)
    if (proxy === undefined) {
      proxy = openProxy({
        origin: new URL(url.origin),
        isToken: (path) => tokenPaths.has(path.split("?")[0] ?? ""),
        learnToken: (path) => void tokenPaths.add(path.split("?")[0] ?? ""),
        rule: (asked) => rule?.(asked) ?? null,
        record: (exchange) => {
          log.push(exchange)
          if (log.length > KEPT_EXCHANGES) log.shift()
        },
      })
      proxies.set(url.origin, proxy)
    }
    const known = await proxy
    opened.add(known)
    const { origin } = known
    own.add(origin)
    return origin + text.slice(text.indexOf(url.host) + url.host.length)
  }

  const turn = async (value: Json): Promise<Json> => {
    if (typeof value === "string") return isUrl(value) ? proxied(value) : value
    if (typeof value !== "object" || value === null) return value
    if (Array.isArray(value)) return Promise.all(value.map((each: Json) => turn(each)))
    return turnAll(value as JsonObject)
  }
  const turnAll = async (object: JsonObject): Promise<JsonObject> => {
    const turned: Record<string, Json> = {}
    for (const [key, value] of Object.entries(object)) turned[key] = await turn(value)
    return turned
  }

  return {
    config: turnAll,
    async settings(settings) {
      const baseUrl = isUrl(settings.baseUrl) ? await proxied(settings.baseUrl) : settings.baseUrl
      const { auth } = settings
      if (!("tokenUrl" in auth)) return { ...settings, baseUrl }
      const tokenUrl = isUrl(auth.tokenUrl) ? await proxied(auth.tokenUrl) : auth.tokenUrl
      tokenPaths.add(pathBelow(baseUrl, tokenUrl))
      return { ...settings, baseUrl, auth: { ...auth, tokenUrl } }
    },
    rule(next) {
      rule = next
      if (next === null) for (const proxy of opened) proxy.letGo()
    },
    log,
    forget: () => void log.splice(0),
    async close() {
      for (const proxy of proxies.values()) await proxy.then((one) => one.close()).catch(() => {})
    },
  }
}

const isUrl = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)

const pathBelow = (baseUrl: string, path: string): string => {
  if (isUrl(path)) return new URL(path).pathname
  return `${new URL(baseUrl).pathname.replace(/\/$/, "")}/${path.replace(/^\//, "")}`
}
