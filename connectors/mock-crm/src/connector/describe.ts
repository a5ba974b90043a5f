// What the mock CRM can do, as data.
import type { Description, JsonSchema, ResourceSpec } from "@syncline/connector"

/** The server takes no more operations, ids or addresses in one call. */
export const maxBatch = 100
export const maxLookup = 200
export const maxPage = 1000
const dayMs = 24 * 3_600_000

const text: JsonSchema = { type: ["string", "null"] }

export const contactSchema: JsonSchema = {
  type: "object",
  required: ["id", "created_at", "updated_at", "revision"],
  properties: {
    id: { type: "string", readOnly: true },
    first_name: text,
    last_name: text,
    email: text,
    phone: text,
    account: { type: ["object", "null"], properties: { name: text }, additionalProperties: true },
    labels: { type: ["array", "null"], items: { type: "string" } },
    stage: { type: ["string", "null"], examples: ["lead", "customer", "lost"] },
    email_opt_out: { type: ["boolean", "null"] },
    created_at: { type: "string", format: "date-time", readOnly: true },
    updated_at: { type: "string", format: "date-time", readOnly: true },
    revision: { type: "integer", minimum: 1, readOnly: true },
  },
  // fields of the owner's own making
  additionalProperties: true,
}

const byId = { max: maxBatch, atomic: "item", guard: "ifMatch", idempotent: "byId", unset: "null", returnsItem: true } as const

export const contacts: ResourceSpec = {
  name: "contacts",
  schema: contactSchema,
  id: { stable: true },
  keys: [{ name: "email", paths: ["email"], unique: false }],
  version: { kind: "revision", resolutionMs: 1, perField: true },
  read: {
    snapshot: true,
    delta: { kind: "sequence", ttlMs: 30 * dayMs },
    lookup: { by: ["id", "email"], max: maxLookup },
    lagMs: { byId: 0, delta: 0 },
    pageSize: 500,
  },
  deletes: ["tombstone"],
  write: {
    create: { ...byId, guard: "none", idempotent: "header", keyTtlMs: dayMs },
    update: byId,
    delete: { ...byId, returnsItem: false },
  },
}

export const description: Description = { title: "Mock CRM", resources: [contacts] }
