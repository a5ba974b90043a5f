// The whole language: the top of a manifest. Parser and published JSON Schema both come from these shapes.
import { anything, duration, exactly, foldSchema, object, optional, record, required, text, type Block } from "../../language/index.ts"
import type { JsonObject } from "../../json.ts"
import { setting } from "./address.ts"
import { auth, limits } from "./auth.ts"
import { PLACES } from "./names.ts"
import { errors, request } from "./request.ts"
import { resource } from "./resource.ts"
import { values } from "./value.ts"
import { webhooks } from "./webhook.ts"

const NAME = { pattern: /^[A-Za-z][A-Za-z0-9_-]{0,63}$/, expects: "a name: letters, digits, - and _, first a letter" }

const fields = {
  manifest: required(exactly(1, "1"), "Version of this format: 1."),
  id: required(text(NAME), "Name of the connector."),
  title: optional(text({ expects: "what the system calls itself" }), "What the system calls itself; the id, unless said."),
  baseUrl: required(setting("an address, as https://api.acme.com/v1 or '{config.baseUrl}'"), "Where the API is; {config.x} is filled in."),
  config: optional(
    anything("a JSON Schema of the settings", { type: "object" }, (node) => node.kind === "map"),
    "JSON Schema of the settings a pipeline hands in; writeOnly: true marks a secret. What is used and not named here is added as a required text.",
  ),
  auth: optional(auth, "How requests prove who sends them; none, unless said."),
  limits: optional(limits, "How much the system allows."),
  timeout: optional(duration, "Of a request; 30s, unless said."),
  headers: optional(values(PLACES.setting, "headers"), "Sent with every request."),
  errors: optional(errors, "What answers mean; the first rule that matches, then the meaning of HTTP statuses."),
  check: optional(
    request(PLACES.setting, { safe: true }),
    "A cheap call that needs credentials; the first page of the first resource, unless said.",
  ),
  resources: required(
    record(resource, { what: "resources", doc: "Name -> resource.", key: NAME, min: 1 }),
    "Name -> one kind of thing in the system.",
  ),
  webhooks: optional(webhooks, "What the system tells by itself."),
} as const

export const manifest = object("a manifest", "A connector for an HTTP API, as data.", fields)
export interface ManifestPart extends Block<typeof fields> {}

/** JSON Schema of the language, for editors. */
export const manifestSchema = (): JsonObject => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Syncline connector manifest",
  ...foldSchema(manifest.schema),
})
