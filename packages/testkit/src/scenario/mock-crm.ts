// The mock CRM as its users know it.
import { isObject } from "@syncline/connector"
import type { MockKind } from "./mock-kind.ts"

const TOKEN = "demo-token"
const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" }
const pathOf = (id: unknown): string => `/contacts/${encodeURIComponent(String(id))}`

export const mockCrm: MockKind = {
  env: (prefix, url) => ({
    [`${prefix}_URL`]: url,
    [`${prefix}_TOKEN`]: TOKEN,
    [`${prefix}_CLIENT_ID`]: "demo-client",
    [`${prefix}_CLIENT_SECRET`]: "demo-secret",
  }),
  items: (dump) => (Array.isArray(dump["contacts"]) ? dump["contacts"].filter(isObject) : []),
  counts: () => true,
  stableId: (item) => String(item["id"]),
  namesOf: (item) => [String(item["id"]), ...(typeof item["email"] === "string" ? [item["email"].trim().toLowerCase()] : [])],
  create: (set) => ({ method: "POST", path: "/contacts", body: set, headers }),
  update: (item, set) => ({
    method: "PATCH",
    path: pathOf(item["id"]),
    body: set,
    headers: { ...headers, "content-type": "application/merge-patch+json" },
  }),
  delete: (item) => ({ method: "DELETE", path: pathOf(item["id"]), headers: { authorization: headers.authorization } }),
  erase: (item) => ({ method: "DELETE", path: pathOf(item["id"]), headers: { authorization: headers.authorization } }),
  changedBy: (request) => (typeof request["changed"] === "number" ? request["changed"] : 0),
}
