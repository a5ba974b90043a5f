// The mock e-mail platform as its users know it. Its ids change with the address; `contact_id` stays.
import { isObject } from "@syncline/connector"
import type { MockKind } from "./mock-kind.ts"

const KEY = "demo-key"
const LIST = "newsletter"
const headers = { "x-api-key": KEY, "content-type": "application/json" }
const bare = { "x-api-key": KEY }
const pathOf = (id: unknown): string => `/lists/${LIST}/members/${encodeURIComponent(String(id))}`

export const mockEmail: MockKind = {
  env: (prefix, url) => ({ [`${prefix}_URL`]: url, [`${prefix}_KEY`]: KEY }),
  items: (dump) => {
    const members = isObject(dump["lists"]) ? dump["lists"][LIST] : undefined
    return Array.isArray(members) ? members.filter(isObject) : []
  },
  counts: (item) => item["status"] !== "archived",
  stableId: (item) => String(item["contact_id"] ?? item["id"]),
  namesOf: (item) => [String(item["contact_id"]), String(item["id"]), String(item["email_address"]).trim().toLowerCase()],
  create: (set) => ({ method: "POST", path: `/lists/${LIST}/members`, body: set, headers }),
  update: (item, set) => ({ method: "PATCH", path: pathOf(item["id"]), body: set, headers }),
  delete: (item) => ({ method: "DELETE", path: pathOf(item["id"]), headers: bare }),
  erase: (item) => ({ method: "POST", path: `${pathOf(item["id"])}/actions/delete-permanent`, headers: bare }),
  changedBy: (request) => (Array.isArray(request["writes"]) ? request["writes"].length : 0),
}
