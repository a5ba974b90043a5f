// Writes: what one operation sends, alone or in a batch, what the answer says of it, and what a repetition would do.
import {
  as,
  duration,
  list,
  object,
  optional,
  required,
  text,
  whole,
  word,
  yesNo,
  type Shape,
  type Vocabulary,
} from "../../language/index.ts"
import type { AppliedSpec, BatchSpec, ErrorRule, JobSpec, WireKind, WireSpec } from "../spec/index.ts"
import { PLACES } from "./names.ts"
import { byCode, code, errors, inShort, request } from "./request.ts"
import { condition, value, worked } from "./value.ts"

const appliedFields = (place: Vocabulary, root: string) => ({
  id: optional(worked(place, `=${root}.id`), "Its id; needed of a create."),
  secondary: optional(worked(place, `=${root}.contact_id`), "Its stable id."),
  version: optional(worked(place, `=${root}.updatedAt`), "Its version after the write."),
  at: optional(worked(place, `=${root}.updatedAt`), "When it was modified."),
  record: optional(
    worked(place, `=${root}`),
    "The record as it is now, in the form in which reads give it. id, version and at are taken from it, unless said.",
  ),
  met: optional(
    condition(place, "=res.status == 200"),
    "create, upsert: the item was there before, and took the values over. Unsaid, the account says that nobody knows.",
  ),
})

type AppliedRead = { readonly [K in keyof AppliedSpec]: AppliedSpec[K] | undefined }
const appliedOf = (read: AppliedRead | undefined): AppliedSpec => ({
  id: read?.id ?? null,
  secondary: read?.secondary ?? null,
  version: read?.version ?? null,
  at: read?.at ?? null,
  record: read?.record ?? null,
  met: read?.met ?? null,
})

const each = worked(PLACES.batchAnswer, "=res.body.results")
const refOf = optional(
  worked(PLACES.element, "=item.ref"),
  "What names the operation: its reference, id or key, as match says. One, or a list.",
)
const when = optional(condition(PLACES.element, "=item.success"), "Elements of which it does not hold are left to the other part.")

const ok = object("ok", "Elements of the answer that say of an operation that it was applied.", {
  each: required(each, "The list of elements."),
  when,
  ref: refOf,
  ...appliedFields(PLACES.element, "item"),
})

const FAULTS = [
  "invalid",
  "transient",
  "rateLimited",
  "auth",
  "forbidden",
  "conflict",
  "duplicate",
  "notFound",
  "gone",
  "unknown",
] as const as readonly ErrorRule["class"][]

const failed = object("failed", "Elements of the answer that say of an operation that it was refused.", {
  each: required(each, "The list of elements."),
  when,
  ref: refOf,
  class: optional(word("class of fault", FAULTS), "Where no rule matches; invalid, unless said."),
  errors: optional(errors, "Rules for an element, as item."),
  message: optional(value(PLACES.element, "a sentence"), "Why."),
  fields: optional(worked(PLACES.element, "=item.errors"), "Which fields are wrong: path -> message, or a list of {path, message}."),
  existingId: optional(worked(PLACES.element, "=item.existing"), "duplicate: the id of the item that has the value."),
})

const job: Shape<JobSpec> = as(
  object("a job", "The answer is a ticket; the result is asked for until it is there.", {
    ticket: required(worked(PLACES.batchAnswer, "=res.body.id"), "What the job is called."),
    poll: required(request(PLACES.job, { safe: true }), "Asks how it goes."),
    done: required(condition(PLACES.job, '=res.body.status == "finished"'), "It is done."),
    result: optional(request(PLACES.job, { safe: true }), "Asks for the result, if the last poll does not hold it."),
    every: optional(duration, "Between two polls; 2s, unless said."),
    max: optional(duration, "After this, nobody knows what became of it; 10m, unless said."),
  }),
  ({ fields: { ticket, poll, done, result, every, max } }) =>
    ticket && poll && done && { ticket, poll, done, result: result ?? null, everyMs: every ?? 2_000, maxMs: max ?? 600_000 },
)

const batch: Shape<BatchSpec> = as(
  object("a batch", "Many operations in one request.", {
    max: required(whole({ expects: "a whole number above 1", min: 2 }), "Most operations in a request."),
    atomic: optional(word("atomicity", ["item", "batch"]), "item: each stands for itself. batch: all or none. item, unless said."),
    request: required(request(PLACES.batch, { safe: false }), "Sends items (what each operation is on the wire), or ops."),
    match: optional(
      word("way of matching", ["order", "ref", "id", "key"]),
      "How an element of the answer finds its operation; ref where ok has one, else order.",
    ),
    key: optional(worked(PLACES.wire, "=op.item.email"), "match: key. Of an operation, what elements are compared with."),
    ok: required(ok, "Elements that say: applied."),
    failed: optional(failed, "Elements that say: refused."),
    unmatched: optional(
      word("verdict", ["unknown", "retrySingly", "applied"]),
      "What an operation is of which no element speaks; unknown, unless said.",
    ),
    job: optional(job, "The answer comes later."),
  }),
  ({ fields, node }, report): BatchSpec | undefined => {
    const { max, request: sent, ok: good, failed: bad } = fields
    if (max === undefined || sent === undefined || good?.fields.each === undefined) return undefined
    const match = fields.match?.value ?? (good.fields.ref === undefined ? "order" : "ref")
    const at = node.entries[0]?.keyAt ?? node.at
    if (match !== "order" && good.fields.ref === undefined)
      report.error(good.at, `elements are matched by ${match}, but ok does not say what names the operation`, "add ref: =item.…")
    if (match === "key" && fields.key === undefined)
      report.error(at, "elements are matched by key, but the key of an operation is not said", "add key: =op.item.…")
    return {
      max: max.value,
      atomic: fields.atomic?.value ?? "item",
      request: sent,
      match,
      key: fields.key ?? null,
      ok: { ...appliedOf(good.fields), each: good.fields.each, when: good.fields.when ?? null, ref: good.fields.ref ?? null },
      failed:
        bad?.fields.each === undefined
          ? null
          : {
              each: bad.fields.each,
              when: bad.fields.when ?? null,
              ref: bad.fields.ref ?? null,
              class: bad.fields.class?.value ?? "invalid",
              errors: bad.fields.errors ?? [],
              message: bad.fields.message ?? null,
              fields: bad.fields.fields ?? null,
              existingId: bad.fields.existingId ?? null,
            },
      unmatched: fields.unmatched?.value ?? "unknown",
      job: fields.job ?? null,
    }
  },
)

const clearing = word("way to clear", ["null", "empty", "never"])
/** `unset: null` without quotes says what it means. */
const wayToClear: typeof clearing = {
  ...clearing,
  fits: (node) => clearing.fits(node) || (node.kind === "scalar" && node.value === null),
  read: (node, report) => clearing.read(node.kind === "scalar" && node.value === null ? { ...node, value: "null" } : node, report),
}

const operation = (kind: WireKind): Shape<WireSpec> =>
  as(
    object(`how to ${kind}`, `How items are ${kind === "upsert" ? "created or updated by a key" : `${kind}d`}.`, {
      guard: optional(
        word("guard", ["ifMatch", "readCompare", "none"]),
        "What keeps a write from running over somebody else's: a condition sent along, a read just before, or nothing; none, unless said.",
      ),
      idempotent: optional(
        word("reason", ["header", "naturalKey", "byId", "none"]),
        "Why a repetition does no harm; byId for update and delete, naturalKey for upsert, none for create, unless said.",
      ),
      keyTtl: optional(duration, "idempotent: header. How long the system remembers a key."),
      horizon: optional(duration, "How late an unanswered write may still take effect."),
      unset: optional(wayToClear, "How a value is cleared; null, unless said."),
      soft: optional(yesNo(), "delete: the item stays, marked."),
      by: optional(text({ expects: "the name of a key of this resource" }), "upsert: the key by which the system recognises an item."),
      makes: optional(
        worked(PLACES.wire, "=uuid(op.key)"),
        "create: the id that it makes, where the system takes ours: an item that is there under it was made by this create.",
      ),
      wire: optional(
        value(PLACES.wire, "what is sent"),
        "What one operation is on the wire: op.wire, and in a batch items; op.set, unless said.",
      ),
      request: optional(request(PLACES.single, { safe: false }), "Sends one operation."),
      ok: optional(
        object("ok", "What the answer says of it.", appliedFields(PLACES.singleAnswer, "res.body")),
        "What the answer to one operation says.",
      ),
      batch: optional(batch, "Sends many operations at once."),
      code: optional(code, "A function that writes in place of all this."),
    }),
    ({ fields, node }, report): WireSpec | undefined => {
      const at = node.entries[0]?.keyAt ?? node.at
      const says = (name: string): boolean => node.entries.some((entry) => entry.key === name)
      if (!says("request") && !says("batch") && !says("code"))
        report.error(at, `nothing is said of how to ${kind}`, "add request: …, or batch: …")
      if (fields.batch?.unmatched === "retrySingly" && !says("request"))
        report.error(at, "unmatched: retrySingly needs a request for one operation", "add request: …, or say unmatched: unknown")
      if (kind === "upsert" && fields.by === undefined)
        report.error(at, "an upsert needs the key by which the system recognises an item", "add by: and the name of a unique key")
      const sent = fields.code === undefined ? fields.request : { ...byCode(fields.code), safe: false }
      return {
        guard: fields.guard?.value ?? "none",
        idempotent: fields.idempotent?.value ?? (kind === "create" ? "none" : kind === "upsert" ? "naturalKey" : "byId"),
        keyTtlMs: fields.keyTtl ?? null,
        horizonMs: fields.horizon ?? null,
        unset: fields.unset?.value ?? "null",
        soft: fields.soft?.value ?? false,
        by: fields.by?.value ?? null,
        makes: fields.makes ?? null,
        wire: fields.wire ?? null,
        single: sent === undefined ? null : { request: sent, ok: appliedOf(fields.ok?.fields) },
        batch: fields.batch ?? null,
      }
    },
  )

export const writes = object("write", "How items are written.", {
  create: optional(inShort(operation("create")), "How items are created."),
  update: optional(inShort(operation("update")), "How items are updated."),
  upsert: optional(inShort(operation("upsert")), "How items are created or updated by a key; stands in for a create that is missing."),
  delete: optional(inShort(operation("delete")), "How items are deleted."),
})

export const words = list(text({ expects: "a word, as lower or truncate:50" }), { expects: "a list of words, as [trim, lower]" })
