// A connector's fake as its users know it: they act by its admin port, as in a browser, and it tells by what names an item goes.
import { isObject, type JsonObject } from "@syncline/connector"
import type { Call, MockKind } from "./mock-kind.ts"

const headers = { "content-type": "application/json" }
const deed = (body: JsonObject): Call => ({ method: "POST", path: "/admin/people", body, headers })

/** `apiKey` of the system `email` is found as `EMAIL_API_KEY`. */
const variable = (prefix: string, name: string): string => `${prefix}_${name.replaceAll(/[A-Z]/g, "_$&").toUpperCase()}`

export const fakeApi = (credentials: Readonly<Record<string, string>>): MockKind => ({
  env: (prefix, url) => ({
    [`${prefix}_URL`]: url,
    ...Object.fromEntries(Object.entries(credentials).map(([name, value]) => [variable(prefix, name), value])),
  }),
  shown: ({ item }) => (isObject(item) ? item : {}),
  items: ({ items }) => (Array.isArray(items) ? items.filter(isObject) : []),
  counts: (item) => item["counts"] !== false,
  stableId: (item) => String(item["id"]),
  namesOf: ({ names }) => (Array.isArray(names) ? names.map(String) : []),
  create: (set) => deed({ create: set }),
  update: (item, set) => deed({ update: String(item["id"]), set }),
  delete: (item) => deed({ delete: String(item["id"]) }),
  erase: (item) => deed({ erase: String(item["id"]) }),
  changedBy: ({ changed }) => (typeof changed === "number" ? changed : 0),
})
