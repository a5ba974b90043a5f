// Random commits over few ids, so that rows meet: replaced, dropped, claimed twice, clashing, and sometimes impossible.
import type { Changes, Claim, Intent, Json, JsonObject, Link, Quarantined, RecordRow, Review, Stamp } from "@syncline/core/model"
import fc from "fast-check"

const oneOf = <A extends string>(prefix: A, count: number) => fc.nat(count - 1).map((n) => `${prefix}${n}`)
export const recordId = oneOf("r", 5)
export const linkId = oneOf("l", 8)
export const entity = fc.constantFrom("person", "company")
export const binding = fc.constantFrom("crm.contacts", "email.members")
const time = fc.nat(20)
const maybe = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })
export const oddText = fc.oneof(
  fc.constantFrom("1", "9007199254740993", "A", "a", "\u0000", "\ud800", "__proto__"),
  fc.string({ unit: "binary", maxLength: 3 }),
)

// JSON has no negative zero: it is written as 0.
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as Json)
const key = fc.oneof(fc.constantFrom("a", "b", "name", "__proto__", ""), fc.string({ maxLength: 3 }))
const object: fc.Arbitrary<JsonObject> = fc
  .array(
    fc.tuple(
      key,
      fc.oneof(
        json,
        fc.array(fc.tuple(key, json), { maxLength: 2 }).map((some) => Object.fromEntries(some)),
      ),
    ),
    { maxLength: 4 },
  )
  .map((some) => Object.fromEntries(some))
const stamp: fc.Arbitrary<Stamp> = fc.record({
  system: fc.constantFrom("crm", "email", "human"),
  at: fc.integer({ min: -5, max: 2e12 }),
  certainty: fc.constantFrom("field", "item", "observed", "human"),
})
const stamps = fc.array(fc.tuple(key, stamp), { maxLength: 4 }).map((some) => Object.fromEntries(some))

const record: fc.Arbitrary<RecordRow> = fc.record({
  id: recordId,
  entity,
  fields: object,
  stamps,
  deleted: maybe(fc.record({ system: fc.constant("crm"), at: time, proof: oddText })),
})

const link: fc.Arbitrary<Link> = fc.record({
  id: linkId,
  recordId,
  entity,
  binding,
  state: fc.constantFrom("live", "parked", "kept", "gone"),
  remoteId: maybe(oddText),
  secondaryId: maybe(oddText),
  generation: fc.nat(3),
  seen: maybe(object),
  owed: fc.oneof(
    fc.constant({}),
    fc.constant({ name: [] as const }),
    json.map((value) => ({ name: [value] as const, __proto__x: [] as const })),
  ),
  owes: fc.constantFrom(null, "delete", "archive"),
  means: object,
  version: maybe(oddText),
  seenAt: maybe(time),
  dueAt: maybe(time),
  attempts: fc.nat(3),
  rereadAt: maybe(time),
  doubtedAt: maybe(time),
  blocked: maybe(oddText),
})

const claim: fc.Arbitrary<Claim> = fc.record({
  entity,
  key: fc.constantFrom("email", "phone"),
  value: fc.oneof(
    oddText,
    oddText.map((text) => JSON.stringify([text])),
  ),
  recordId,
})

const intent: fc.Arbitrary<Intent> = fc
  .record({ id: oneOf("i", 4), linkId, recordId, entity, binding, set: object, openedAt: time, unanswered: fc.boolean() })
  .map((some) => ({
    ...some,
    kind: "update",
    remoteId: null,
    secondaryId: null,
    seen: null,
    version: null,
    sent: {},
    keys: [],
    idempotencyKey: "k",
    epoch: 1,
    run: "run",
    settlesAt: 5,
    tries: 0,
  }))

const review: fc.Arbitrary<Review> = fc
  .record({
    id: oneOf("v", 4),
    entity,
    recordId: maybe(recordId),
    binding: maybe(binding),
    remoteId: maybe(oddText),
    openedAt: time,
    status: fc.constantFrom("open", "resolved", "withdrawn"),
    field: maybe(fc.constantFrom("name", "phone")),
  })
  .map((some) => ({
    ...some,
    kind: "conflict",
    linkId: null,
    base: [],
    sides: [],
    message: "",
    item: null,
    candidates: [],
    hash: "h",
    closedAt: null,
    resolution: null,
  }))

const quarantined: fc.Arbitrary<Quarantined> = fc
  .record({ id: oneOf("q", 4), entity, binding, linkId: maybe(linkId), remoteId: maybe(oddText), since: time, item: object })
  .map((some) => ({ ...some, recordId: null, field: null, direction: "in", reason: "", version: null }))

const rows = <A extends { readonly id: string }>(arbitrary: fc.Arbitrary<A>, maxLength: number) =>
  fc.uniqueArray(arbitrary, { selector: (row) => row.id, maxLength })

export const arbitraryChanges: fc.Arbitrary<Changes> = fc.record({
  // Often all records, because a link without its record breaks the commit.
  records: fc.oneof(
    rows(record, 3),
    fc.array(record, { minLength: 5, maxLength: 5 }).map((some) => some.map((row, n) => ({ ...row, id: `r${n}` }))),
  ),
  links: rows(link, 4),
  dropLinks: fc.array(linkId, { maxLength: 1 }),
  claim: fc.array(claim, { maxLength: 3 }),
  unclaim: fc.array(claim, { maxLength: 2 }),
  reviews: rows(review, 2),
  quarantine: rows(quarantined, 2),
  release: fc.array(oneOf("q", 4), { maxLength: 1 }),
  openIntents: rows(intent, 2),
  closeIntents: fc.array(oneOf("i", 4), { maxLength: 1 }),
  journal: fc.array(
    fc.record({
      kind: fc.constantFrom("accepted", "conflict"),
      at: time,
      run: oneOf("run", 2),
      entity: maybe(entity),
      recordId: maybe(recordId),
      binding: maybe(binding),
      remoteId: maybe(oddText),
      note: maybe(oddText),
      changes: fc.array(
        fc.record(
          { field: key, before: json, after: json, by: stamp, lost: json, lostBy: stamp, rule: oddText },
          { requiredKeys: ["field", "before", "after"] },
        ),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
  scans: fc.array(
    fc
      .record({ binding, entity, cursor: json, fingerprint: oddText })
      .map((some) => ({ ...some, scan: null, lastFullAt: null, lastScanAt: null, total: 3 })),
    { maxLength: 1 },
  ),
  sighted: maybe(fc.record({ linkIds: fc.array(linkId, { maxLength: 3 }), at: time })),
  decided: fc.constant([]),
})
