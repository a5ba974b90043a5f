// Definitions of a CRM and an e-mail platform for tests: the shapes of honest connectors, without a wire behind them.
import type { ConnectorDefinition, JsonSchema, ResourceSpec, WriteSpec } from "@syncline/connector"
import type { CompileEnv } from "../../src/pipeline/compile/context.ts"

const text = { type: ["string", "null"] } as const
const write: WriteSpec = { max: 50, atomic: "item", guard: "ifMatch", idempotent: "header", unset: "null", returnsItem: true }

const contactSchema: JsonSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    id: { type: "string", readOnly: true },
    first_name: text,
    last_name: text,
    email: text,
    phone: text,
    account: { type: ["object", "null"], additionalProperties: false, properties: { name: text } },
    labels: { type: "array", items: { type: "string" } },
    stage: { enum: ["lead", "customer", "lost"] },
    email_opt_out: { type: "boolean" },
    score: { type: ["integer", "null"] },
    properties: { type: "object", additionalProperties: true },
    created_at: { type: "string", readOnly: true },
    updated_at: { type: "string", readOnly: true },
    revision: { type: "integer", readOnly: true },
  },
}

const memberSchema: JsonSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    id: { type: "string", readOnly: true },
    email_address: { type: "string" },
    status: { enum: ["subscribed", "unsubscribed", "cleaned", "pending"] },
    merge_fields: {
      type: "object",
      additionalProperties: false,
      properties: { FNAME: { type: "string" }, LNAME: { type: "string" }, COMPANY: { type: "string" }, PHONE: { type: "string" } },
    },
    tags: { type: "array", items: { type: "string" } },
    contact_id: { type: "string", readOnly: true },
  },
}

const contacts: ResourceSpec = {
  name: "contacts",
  schema: contactSchema,
  id: { stable: true },
  keys: [{ name: "email", paths: ["email"], unique: false }],
  version: { kind: "revision", resolutionMs: 1, perField: true },
  read: {
    snapshot: true,
    delta: { kind: "sequence" },
    lookup: { by: ["id", "email"], max: 50 },
    lagMs: { byId: 0, delta: 0 },
    pageSize: 200,
  },
  deletes: ["tombstone"],
  write: { create: write, update: write, delete: write },
}

/** Read from, never written to. */
const accounts: ResourceSpec = {
  ...contacts,
  name: "accounts",
  schema: { type: "object", properties: { id: { type: "string" }, name: text, domain: text } },
  write: {},
}

const mail: WriteSpec = { ...write, guard: "none", idempotent: "none", unset: "empty", returnsItem: false }
const members: ResourceSpec = {
  name: "members",
  schema: memberSchema,
  id: { stable: false, secondary: "contact_id" },
  keys: [{ name: "email", paths: ["email_address"], unique: true }],
  version: { kind: "timestamp", resolutionMs: 1000 },
  read: {
    snapshot: true,
    delta: { kind: "timestamp", overlapMs: 60000 },
    lookup: { by: ["id", "email"], max: 100 },
    lagMs: { byId: 0, delta: 2000 },
    pageSize: 500,
  },
  deletes: ["absence"],
  write: { create: mail, update: mail, delete: { ...mail, soft: true } },
}

const nothing = (): never => {
  throw new Error("no wire behind this definition")
}

const secret: JsonSchema = { type: "string", minLength: 1, writeOnly: true }

export const fakeCrm: ConnectorDefinition = {
  name: "mock-crm",
  configSchema: {
    type: "object",
    additionalProperties: false,
    required: ["baseUrl", "token"],
    properties: { baseUrl: { type: "string", format: "uri" }, token: secret, pageSize: { type: "integer", minimum: 1, maximum: 200 } },
  },
  describe: () => ({ title: "Mock CRM", resources: [contacts, accounts] }),
  http: nothing,
  open: nothing,
}

export const fakeEmail: ConnectorDefinition = {
  name: "mock-email",
  configSchema: {
    type: "object",
    additionalProperties: false,
    required: ["baseUrl", "apiKey", "list"],
    properties: { baseUrl: { type: "string", format: "uri" }, apiKey: secret, list: { type: "string" } },
  },
  describe: () => ({ title: "Mock E-mail", resources: [members] }),
  http: nothing,
  open: nothing,
}

const definitions = [fakeCrm, fakeEmail]

export const envWith = (files: Readonly<Record<string, string>> = {}, variables: Readonly<Record<string, string>> = {}): CompileEnv => ({
  variables: { CRM_TOKEN: "crm-secret-token", EMAIL_KEY: "email-secret-key", ...variables },
  readFile: (path) => files[path] ?? { error: "no such file" },
  connector: (name) => definitions.find((definition) => definition.name === name),
  connectorNames: definitions.map((definition) => definition.name),
})
