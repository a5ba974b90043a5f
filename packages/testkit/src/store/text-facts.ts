// Odd texts: whatever a system may send as an id, a value or a key comes back as it was, and is found again.
import type { JsonObject } from "@syncline/core/model"
import { expect, test } from "vitest"
import { changes, claim, entry, link, quarantined, record, review } from "./rows.ts"
import { run } from "./stand.ts"
import type { Stand } from "./stand.ts"

const ODD = {
  "a number above 2^53": "9007199254740993",
  "leading zeros": "007",
  "a number with an exponent": "1e3",
  "the empty text": "",
  "a NUL": "a\u0000b",
  "a lone surrogate": "a\ud800b",
  "another lone surrogate": "a\udc00b",
  "the first control character": "\u0001",
  "a text that looks escaped": '\u0001"a\\ud800b"',
  "an emoji": "👩‍👩‍👧",
  "right to left": "שלום",
  "a quote that would end a statement": "'; DROP TABLE link; --",
  JSON: '{"a":["b"]}',
  __proto__: "__proto__",
}

export function textFacts(stand: Stand): void {
  test.each(Object.entries(ODD))("%s survives as an id, a key and a version, and is told from all others", async (_, text) => {
    const { store, lease } = await stand.fresh()
    const texts = Object.values(ODD)
    const rows = texts.map((one, index) => ({
      record: record(`r${index}`),
      link: link(`l${index}`, `r${index}`, { remoteId: one, secondaryId: `${one} `, version: one, blocked: one, seen: { id: one } }),
      claim: claim(one, `r${index}`),
    }))
    const wanted = rows[texts.indexOf(text)]
    await run(
      store.commit(
        lease,
        changes({
          records: rows.map((row) => row.record),
          links: rows.map((row) => row.link),
          claim: rows.map((row) => row.claim),
          journal: [entry({ remoteId: text, note: text })],
          reviews: [review("v1", { binding: "crm.contacts", remoteId: text, message: text })],
          quarantine: [quarantined("q1", { remoteId: text, reason: text })],
        }),
      ),
    )
    const nothing = { entity: "person", binding: "crm.contacts", remoteIds: [], secondaryIds: [], keys: [] }
    for (const query of [
      { ...nothing, remoteIds: [text] },
      { ...nothing, secondaryIds: [`${text} `] },
      { ...nothing, keys: [{ key: "email", value: text }] },
    ]) {
      const loaded = await run(store.loadPage(query))
      expect(loaded.links).toEqual([wanted?.link])
      expect(loaded.claims).toEqual([wanted?.claim])
    }
    const asked = await run(store.loadPage({ ...nothing, remoteIds: [text] }))
    expect([asked.reviews[0]?.remoteId, asked.quarantine[0]?.reason]).toEqual([text, text])
    expect(await run(store.journal({ limit: 1 }))).toMatchObject([{ remoteId: text, note: text }])
  })

  test("odd keys and values inside objects survive", async () => {
    const { store, lease } = await stand.fresh()
    // Parsed, because a literal `__proto__` would set the prototype.
    const odd = JSON.parse(
      '{"__proto__":{"x":1,"__proto__":{"y":2}},"constructor":1,"":{"":[]},"a.b":{"c":null},"\\u0000":"\\u0000","\\ud800":"\\ud800","10":1,"2":{},"deep":{"a":{"b":{"c":{"d":{"e":[{"f":1}]}}}}}}',
    ) as JsonObject
    const row = record("r1", { fields: odd, stamps: { constructor: { system: "crm", at: 1, certainty: "human" as const } } })
    await run(store.commit(lease, changes({ records: [row], links: [link("l1", "r1", { seen: odd })] })))
    const loaded = await run(store.loadRecords(["r1"]))
    expect(JSON.stringify(loaded.records[0]?.fields)).toBe(JSON.stringify(odd))
    expect(JSON.stringify(loaded.links[0]?.seen)).toBe(JSON.stringify(odd))
    expect(loaded.records[0]?.stamps).toEqual(row.stamps)
  })
}
