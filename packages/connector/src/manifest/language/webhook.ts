// Webhooks: how they are registered, how they prove themselves, and what they tell.
import { as, duration, either, keyed, object, optional, required, text, word, type Shape } from "../../language/index.ts"
import type { VerifySpec, WebhooksSpec } from "../spec/index.ts"
import { setting } from "./address.ts"
import { PLACES } from "./names.ts"
import { request } from "./request.ts"
import { value, worked } from "./value.ts"

const key = required(setting("a key, as { secret: webhookKey }", { secret: true }), "The key that both sides know.")
const FIVE_MINUTES = 300_000

const verify: Shape<VerifySpec> = either<VerifySpec>("header with a signature, standard, or query", [
  keyed(
    as(
      object("verify", "Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature.", {
        standard: key,
        tolerance: optional(duration, "How old one may be; 5m, unless said."),
      }),
      ({ fields }) => fields.standard && { type: "standard", key: fields.standard, toleranceMs: fields.tolerance ?? FIVE_MINUTES },
    ),
    ["standard"],
  ),
  keyed(
    as(
      object("verify", "A secret in the address.", {
        query: required(text({ expects: "the name of a parameter" }), "The parameter."),
        key,
      }),
      ({ fields }) => fields.query && fields.key && { type: "query", name: fields.query.value, key: fields.key },
    ),
    ["query"],
  ),
  as(
    object("verify", "A signature in a header.", {
      header: required(text({ expects: "the name of a header" }), "Holds the signature."),
      key,
      algorithm: optional(word("algorithm", ["sha1", "sha256", "sha512"]), "sha256, unless said."),
      keyEncoding: optional(word("encoding", ["utf8", "hex", "base64"]), "How the key is written; utf8, unless said."),
      encoding: optional(word("encoding", ["hex", "base64"]), "How the signature is written; hex, unless said."),
      prefix: optional(text({ expects: "a text" }), "Stands before the signature: sha256=."),
      payload: optional(
        value(PLACES.proof, "what is signed"),
        "Over raw (the body's text), method, url, path, headers, timestamp; raw, unless said.",
      ),
      timestamp: optional(
        object("timestamp", "When it was sent.", {
          header: required(text({ expects: "the name of a header" }), "Holds the time."),
          tolerance: optional(duration, "How old one may be; 5m, unless said."),
        }),
        "When it was sent; an old one is refused.",
      ),
    }),
    ({ fields }): VerifySpec | undefined => {
      if (fields.header === undefined || fields.key === undefined) return undefined
      const sent = fields.timestamp?.fields
      return {
        type: "hmac",
        algorithm: fields.algorithm?.value ?? "sha256",
        key: fields.key,
        keyEncoding: fields.keyEncoding?.value ?? "utf8",
        encoding: fields.encoding?.value ?? "hex",
        header: fields.header.value.toLowerCase(),
        prefix: fields.prefix?.value ?? "",
        payload: fields.payload ?? null,
        timestamp:
          sent?.header === undefined ? null : { header: sent.header.value.toLowerCase(), toleranceMs: sent.tolerance ?? FIVE_MINUTES },
      }
    },
  ),
])

export const webhooks: Shape<WebhooksSpec> = as(
  object("webhooks", "What the system tells by itself.", {
    payload: required(word("payload", ["full", "thin"]), "full: the record. thin: only that something changed."),
    register: optional(
      object("register", "How a webhook is set up.", {
        request: required(request(PLACES.registration, { safe: false }), "Sets it up; url is where to send."),
        id: optional(worked(PLACES.registrationAnswer, "=res.body.id"), "What it is called."),
      }),
      "How a webhook is set up.",
    ),
    unregister: optional(request(PLACES.registration, { safe: false }), "Takes it away; id is what it is called."),
    verify: optional(verify, "How one proves itself; without this, it is a hint and nothing else."),
    extract: required(
      object("extract", "What one tells.", {
        each: required(worked(PLACES.notice, "=body"), "The list of events, or the one event."),
        resource: required(value(PLACES.event, "the name of a resource"), "The resource it is about."),
        id: required(worked(PLACES.event, "=event.objectId"), "The id of the item."),
        kind: optional(
          worked(PLACES.event, '=event.type == "deleted" ? "delete" : "upsert"'),
          '"upsert" or "delete"; upsert, unless said.',
        ),
        at: optional(worked(PLACES.event, "=event.occurredAt"), "When it happened."),
        record: optional(worked(PLACES.event, "=event.object"), "payload: full. The record as reads give it."),
        eventId: optional(worked(PLACES.event, "=event.eventId"), "Equal for a repetition."),
      }),
      "What one tells.",
    ),
  }),
  ({ fields }): WebhooksSpec | undefined => {
    const told = fields.extract?.fields
    if (fields.payload === undefined || told?.each === undefined || told.resource === undefined || told.id === undefined) return undefined
    const register = fields.register?.fields
    return {
      payload: fields.payload.value,
      register: register?.request === undefined ? null : { request: register.request, id: register.id ?? null },
      unregister: fields.unregister ?? null,
      verify: fields.verify ?? null,
      extract: {
        each: told.each,
        resource: told.resource,
        id: told.id,
        kind: told.kind ?? null,
        at: told.at ?? null,
        record: told.record ?? null,
        eventId: told.eventId ?? null,
      },
    }
  },
)
