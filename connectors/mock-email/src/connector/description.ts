// What the platform can do, as data for the engine.
import type { Description, JsonSchema, WriteSpec } from "@syncline/connector"
import type { Settings } from "./settings.ts"

export const maxBatch = 500
export const maxLookup = 500
export const maxPage = 1000
/** Delta scans begin this much before the end of the one before: the platform's times are whole seconds. */
export const overlapMs = 2000

const mergeField = (title: string): JsonSchema => ({ type: "string", maxLength: 255, title })

const memberSchema = (contactId: boolean): JsonSchema => ({
  type: "object",
  required: ["id", "email_address", "status", "merge_fields", "tags", "last_changed", ...(contactId ? ["contact_id"] : [])],
  properties: {
    id: { type: "string", readOnly: true, description: "MD5 of the lower-cased address; changes with it" },
    ...(contactId ? { contact_id: { type: "string", readOnly: true, description: "Stays when the address changes" } } : {}),
    email_address: { type: "string", maxLength: 254 },
    status: { type: "string", enum: ["subscribed", "unsubscribed", "cleaned", "pending", "archived"] },
    merge_fields: {
      type: "object",
      properties: {
        FNAME: mergeField("First name"),
        LNAME: mergeField("Last name"),
        COMPANY: mergeField("Company"),
        PHONE: mergeField("Phone"),
      },
      additionalProperties: { type: "string", maxLength: 255 },
    },
    tags: { type: "array", items: { type: "string", maxLength: 50 } },
    last_changed: { type: "string", readOnly: true, description: "ISO 8601, whole seconds" },
  },
})

const write: WriteSpec = {
  max: maxBatch,
  atomic: "item",
  guard: "readCompare",
  idempotent: "byId",
  // A request is carried out as soon as it is read, or never.
  horizonMs: 1000,
  unset: "empty",
  returnsItem: true,
}

export const describe = ({ exposeContactId }: Settings): Description => ({
  title: "Mock e-mail platform",
  resources: [
    {
      name: "members",
      schema: memberSchema(exposeContactId),
      id: exposeContactId ? { stable: false, secondary: "contact_id" } : { stable: false },
      keys: [{ name: "email", paths: ["email_address"], unique: true }],
      normalises: {
        email_address: ["trim", "lower"],
        "merge_fields.FNAME": ["trim"],
        "merge_fields.LNAME": ["trim"],
        "merge_fields.COMPANY": ["trim"],
        "merge_fields.PHONE": ["trim"],
        tags: ["truncate:50"],
      },
      version: { kind: "timestamp", resolutionMs: 1000 },
      read: {
        snapshot: true,
        delta: { kind: "timestamp", overlapMs },
        lookup: { by: exposeContactId ? ["id", "secondary", "email"] : ["id", "email"], max: maxLookup },
        lagMs: { byId: 0, delta: 0 },
        pageSize: 500,
      },
      // A member that is archived says so; one that is deleted for good is just not there any more.
      deletes: ["flag", "absence"],
      write: {
        create: { ...write, guard: "none", idempotent: "naturalKey" },
        update: write,
        delete: { ...write, returnsItem: false, soft: true },
      },
    },
  ],
})
