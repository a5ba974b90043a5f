// Scans: how a collection is read page by page, what its records say, and where the next scan goes on.
import {
  as,
  didYouMean,
  duration,
  either,
  keyed,
  object,
  optional,
  required,
  text,
  whole,
  word,
  type Block,
  type Field,
  type Read,
  type Shape,
  type Vocabulary,
} from "../../language/index.ts"
import type { BeginSpec, CursorSpec, NextSpec, RecordSpec, Slot, TimeForm } from "../spec/index.ts"
import { PLACES } from "./names.ts"
import { code, request } from "./request.ts"
import { condition, value, worked } from "./value.ts"

const slot: Shape<Slot> = as(
  text({
    expects: "a place in the request, as query.after or body.paging.after",
    pattern: /^(?:query|headers)\.[^\s]+$|^body\.[^\s.]+(?:\.[^\s.]+)*$/,
    examples: ["query.after", "body.after"],
  }),
  (found): Slot => {
    const [where = "", ...path] = found.value.split(".")
    return { in: where === "body" || where === "headers" ? where : "query", path: path.join(".") }
  },
)

const SIDE = "Where it goes in the request; without it, the request reads page itself."

/** The next page: one of these keys says of what kind. */
export function next(place: Vocabulary, element: Vocabulary): Shape<NextSpec> {
  const more = { more: optional(condition(place, "=res.body.has_more"), "Where it is false, this was the last page.") }
  const to = { to: optional(slot, SIDE) }
  const pick = (fields: { readonly more: NextSpec["more"] | undefined }) => ({ more: fields.more ?? null })
  const kinds = either<NextSpec>("one of token, offset, page, link, url, keyset", [
    keyed(
      as(
        object("paging", "By a token of the answer.", {
          token: required(worked(place, "=res.body.next_cursor"), "The token; none ends the scan."),
          ...to,
          ...more,
        }),
        ({ fields }) => fields.token && { kind: "token", token: fields.token, to: fields.to ?? null, ...pick(fields) },
      ),
      ["token"],
    ),
    keyed(
      as(
        object("paging", "By counting records.", {
          offset: required(slot, "Where the offset goes in the request: query.offset."),
          start: optional(whole({ expects: "0 or 1", min: 0, max: 1 }), "Of the first record; 0, unless said."),
          total: optional(worked(place, "=res.body.total"), "How many there are; without it, the scan goes on until a page is empty."),
          ...more,
        }),
        ({ fields }) =>
          fields.offset && {
            kind: "offset",
            to: fields.offset,
            start: fields.start?.value ?? 0,
            total: fields.total ?? null,
            ...pick(fields),
          },
      ),
      ["offset"],
    ),
    keyed(
      as(
        object("paging", "By counting pages.", {
          page: required(slot, "Where the number goes in the request: query.page."),
          start: optional(whole({ expects: "0 or 1", min: 0, max: 1 }), "Of the first page; 1, unless said."),
          pages: optional(worked(place, "=res.body.meta.pages"), "How many there are; without it, the scan goes on until a page is empty."),
          ...more,
        }),
        ({ fields }) =>
          fields.page && { kind: "page", to: fields.page, start: fields.start?.value ?? 1, pages: fields.pages ?? null, ...pick(fields) },
      ),
      ["page"],
    ),
    keyed(
      as(
        object("paging", "By the header Link.", {
          link: required(text({ expects: "a relation, as next", examples: ["next"] }), "The relation: next."),
          ...more,
        }),
        ({ fields }) => fields.link && { kind: "link", rel: fields.link.value, ...pick(fields) },
      ),
      ["link"],
    ),
    keyed(
      as(
        object("paging", "By a URL in the answer.", {
          url: required(worked(place, "=res.body.links.next"), "The URL of the next page, on the same host; none ends the scan."),
          ...more,
        }),
        ({ fields }) => fields.url && { kind: "url", url: fields.url, ...pick(fields) },
      ),
      ["url"],
    ),
    keyed(
      as(
        object("paging", "By a value of the last record.", {
          keyset: required(worked(element, "=rec.id"), "Of the last record of a page."),
          ...to,
          ...more,
        }),
        ({ fields }) => fields.keyset && { kind: "keyset", of: fields.keyset, to: fields.to ?? null, ...pick(fields) },
      ),
      ["keyset"],
    ),
  ])
  return {
    ...kinds,
    read: (node, report) => {
      const first = node.kind === "map" && !kinds.fits(node) ? node.entries[0] : undefined
      if (first === undefined) return kinds.read(node, report)
      report.error(
        first.keyAt,
        `"${first.key}" is no kind of paging`,
        didYouMean(first.key, ["token", "offset", "page", "link", "url", "keyset"]),
      )
      return undefined
    },
  }
}

const FORMS = ["iso", "isoSeconds", "date", "epoch", "epochMs"] as const satisfies readonly TimeForm[]

const ties = as(
  object("ties", "How to read records of one instant that do not fit a window.", {
    keyset: required(worked(PLACES.record, "=rec.id"), "What orders them: after is its last value."),
    request: required(
      request(PLACES.tiesRequest, { safe: true }),
      "Asks for those of the instant cursor that come after `after` (null: the first).",
    ),
  }),
  ({ fields }) => fields.keyset && fields.request && { of: fields.keyset, request: fields.request },
)

const begin = as(
  object("begin", "Asked before a snapshot: where the delta that follows it begins.", {
    request: required(request(PLACES.scanRequest, { safe: true }), "The request."),
    of: required(worked(PLACES.scanAnswer, "=res.body.latest"), "The cursor in its answer."),
  }),
  ({ fields }) => fields.request && fields.of && { request: fields.request, of: fields.of },
)

const count = as(
  object("count", "Asked at the end of a delta: how many items there are.", {
    request: required(request(PLACES.scanRequest, { safe: true }), "The request."),
    of: required(worked(PLACES.scanAnswer, "=res.body.total"), "The number in its answer."),
  }),
  ({ fields }) => fields.request && fields.of && { request: fields.request, of: fields.of },
)

const ttl = { ttl: optional(duration, "How long the system keeps what a cursor points at.") }

export const cursor: Shape<CursorSpec> = as(
  object("a cursor", "Where the next scan goes on.", {
    kind: required(
      word("kind of cursor", ["timestamp", "token", "sequence", "etag"]),
      "By time, by a token of the system, by a number that grows, or by the ETag of the first page.",
    ),
    of: optional(
      worked(PLACES.record, "=rec.updatedAt"),
      "timestamp: of a record. token: of the answer. sequence: of a record, or of the answer.",
    ),
    form: optional(word("form of time", FORMS), "timestamp: how the system wants it; iso, unless said."),
    start: optional(value(PLACES.setting, "where to begin"), "Where the first scan begins."),
    overlap: optional(duration, "timestamp: how far back each scan begins again; 0s, unless said."),
    maxWindow: optional(
      whole({ expects: "a whole number above 0", min: 1 }),
      "timestamp: rows after which the system stops; then the scan goes on from the last time seen.",
    ),
    covered: optional(
      worked(PLACES.scanAnswer, "=res.body.latestDateCovered"),
      "timestamp: how far an answer reaches, where it says so; the largest time seen, unless said.",
    ),
    begin: optional(begin, "token, sequence: asked before a snapshot, where the delta begins that follows it."),
    ties: optional(ties, "timestamp: how to read on among records of one instant."),
    ...ttl,
  }),
  ({ fields, node }, report): CursorSpec | undefined => {
    const kind = fields.kind?.value
    if (kind === undefined) return undefined
    if (kind === "etag") return { kind }
    const at = node.entries[0]?.keyAt ?? node.at
    if (fields.of === undefined) {
      if (!node.entries.some((entry) => entry.key === "of"))
        report.error(at, `a ${kind} cursor lacks "of"`, kind === "timestamp" ? "add of: =rec.updatedAt" : "add of: =res.body.next_token")
      return undefined
    }
    const ttlMs = fields.ttl ?? null
    const start = fields.start?.run({}) ?? null
    if (kind === "token") return { kind, of: fields.of, start: fields.start ?? null, begin: fields.begin ?? null, ttlMs }
    if (kind === "sequence") {
      const from = fields.of.reads?.some((read) => read === "rec" || read.startsWith("rec.")) === true ? "record" : "answer"
      return { kind, of: fields.of, from, start: typeof start === "number" ? start : 0, begin: fields.begin ?? null, ttlMs }
    }
    return {
      kind,
      of: fields.of,
      form: fields.form?.value ?? "iso",
      start:
        typeof start === "string" ? start : typeof start === "number" ? new Date(start * 1000).toISOString() : "1970-01-01T00:00:00.000Z",
      overlapMs: fields.overlap ?? 0,
      covered: fields.covered ?? null,
      maxWindow: fields.maxWindow?.value ?? null,
      ties: fields.ties ?? null,
      ttlMs,
    }
  },
)

/** What a record says, where it says it otherwise than the resource does. */
export const recordFields = {
  id: optional(worked(PLACES.record, "=rec.id"), "Its id, if not where the resource says."),
  secondary: optional(worked(PLACES.record, "=rec.contact_id"), "Its stable id, if not where the resource says."),
  item: optional(value(PLACES.record, "the item"), "The item as mappings see it, if not where the resource says."),
  version: optional(worked(PLACES.record, "=rec.etag"), "Its version, if not where the resource says."),
  at: optional(worked(PLACES.record, "=rec.updatedAt"), "When it was last modified, if not where the resource says."),
  times: optional(worked(PLACES.record, "=rec.fieldTimes"), "Path -> when it was last changed, if not where the resource says."),
  deleted: optional(condition(PLACES.record, '=rec.change_type == "deleted"'), "It says that the item is deleted."),
  soft: optional(condition(PLACES.record, "=rec.archived"), "The deleted item is still there, marked."),
  was: optional(worked(PLACES.record, "=rec.previousId"), "The id that the item had before."),
  into: optional(worked(PLACES.record, "=rec.mergedInto"), "The id of the item that it was merged into."),
}

const scanFields = (requestPlace: Vocabulary) => ({
  request: optional(request(requestPlace, { safe: true }), "Asks for a page."),
  records: optional(worked(PLACES.scanAnswer, "=res.body.results"), "The list of records in the answer."),
  next: optional(next(PLACES.scanAnswer, PLACES.record), "How the next page is found; without it, the first is all."),
  limit: optional(
    whole({ expects: "a whole number above 0", min: 1 }),
    "Most records that a page may be asked for; the name limit in the request.",
  ),
  total: optional(worked(PLACES.scanAnswer, "=res.body.total"), "How many records there are, for the progress bar."),
  asOf: optional(worked(PLACES.scanAnswer, "=res.body.server_time"), "The system's clock; the header Date, unless said."),
  keep: optional(condition(PLACES.record, '=rec.type == "contact"'), "Records of which it does not hold are left out."),
  code: optional(code, "A function that reads a page in place of all this."),
  ...recordFields,
})

export type RecordRead = Read<typeof recordFields>
export interface ScanPart extends Block<
  ReturnType<typeof scanFields> & { readonly cursor?: Field<CursorSpec>; readonly count?: Field<BeginSpec> }
> {}

export const snapshotScan = object("a snapshot", "Reads every item there is.", scanFields(PLACES.scanRequest))
export const deltaScan = object("a delta", "Reads what changed since the cursor. What is not said is as in the snapshot.", {
  ...scanFields(PLACES.deltaRequest),
  cursor: required(cursor, "Where the next scan goes on."),
  count: optional(
    count,
    "Asked at the end: how many items the whole resource has. Fewer than before tell that some vanished without a sign.",
  ),
})

/** The parts of a record, over those of the resource. */
export const recordOf = (own: RecordRead, base: RecordSpec): RecordSpec => ({
  id: own.id ?? base.id,
  secondary: own.secondary ?? base.secondary,
  item: own.item ?? base.item,
  version: own.version ?? base.version,
  at: own.at ?? base.at,
  times: own.times ?? base.times,
  deleted: own.deleted ?? base.deleted,
  // A feed that names its deletes speaks of items that are gone; a flag on an item speaks of one that is still there.
  soft: own.soft ?? (own.deleted === undefined ? base.soft : null),
  was: own.was ?? base.was,
  into: own.into ?? base.into,
})
