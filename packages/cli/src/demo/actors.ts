// The people on both sides, as plain HTTP calls: what a CRM's user or a member of the list would cause. Nothing here
// goes through the engine, so what is found here is proof.
export type Item = Readonly<Record<string, unknown>>

export interface Actor {
  readonly url: string
  /** Everything there is, deleted items left out. */
  items(): Promise<readonly Item[]>
  create(item: Item): Promise<Item>
  update(id: string, change: Item): Promise<Item>
  /** Write calls that the server has seen so far. */
  writes(): Promise<number>
  breakDown(): Promise<void>
  repair(): Promise<void>
}

interface Api {
  readonly headers: Readonly<Record<string, string>>
  readonly collection: string
  readonly patchType: string
  readonly itemsOf: (dump: Item) => unknown
  readonly there: (item: Item) => boolean
}

const CRM: Api = {
  headers: { authorization: "Bearer demo-token" },
  collection: "/contacts",
  patchType: "application/merge-patch+json",
  itemsOf: (dump) => dump["contacts"],
  there: () => true,
}

const EMAIL: Api = {
  headers: { "x-api-key": "demo-key" },
  collection: "/lists/newsletter/members",
  patchType: "application/json",
  itemsOf: (dump) => asItem(dump["lists"])["newsletter"],
  there: (item) => item["status"] !== "archived",
}

export const crmAt = (url: string): Actor => actorAt(url, CRM)
export const emailAt = (url: string): Actor => actorAt(url, EMAIL)

function actorAt(url: string, api: Api): Actor {
  const call = async (method: string, path: string, type: string | null, body?: unknown): Promise<Item> => {
    const headers = { ...(path.startsWith("/admin") ? {} : api.headers), ...(type === null ? {} : { "content-type": type }) }
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${url} answered ${method} ${path} with ${response.status}: ${text.slice(0, 300)}`)
    return text === "" ? {} : asItem(JSON.parse(text))
  }
  return {
    url,
    items: async () => listOf(api.itemsOf(await call("GET", "/admin/dump", null))).filter(api.there),
    create: (item) => call("POST", api.collection, "application/json", item),
    update: (id, change) => call("PATCH", `${api.collection}/${encodeURIComponent(id)}`, api.patchType, change),
    writes: async () =>
      listOf((await call("GET", "/admin/requests", null))["requests"]).filter((request) => request["write"] === true).length,
    breakDown: async () => void (await call("POST", "/admin/faults", "application/json", { kind: "outage" })),
    repair: async () => void (await call("DELETE", "/admin/faults", null)),
  }
}

const listOf = (value: unknown): readonly Item[] => (Array.isArray(value) ? value.map(asItem) : [])

const asItem = (value: unknown): Item => (typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {})

/** A text at a dotted path, trimmed; "" where there is none. */
export function textAt(item: Item, path: string): string {
  let here: unknown = item
  for (const segment of path.split(".")) here = asItem(here)[segment]
  return typeof here === "string" ? here.trim() : ""
}

export const addressOf = (item: Item): string => (textAt(item, "email") || textAt(item, "email_address")).toLowerCase()
