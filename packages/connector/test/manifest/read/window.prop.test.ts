import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { HttpRequest } from "../../../src/index.ts"
import { DATE, NOW, pretend, scan } from "../connected.ts"

interface Row {
  readonly id: string
  readonly at: string
}

/** An API that shows no more than `window` rows of a search, ten thousand in life, and sorts by time or, at one instant, by id. */
const search =
  (rows: readonly Row[], window: number) =>
  ({ json }: HttpRequest) => {
    const { since, at, after, limit, skip } = json as { since?: string; at?: string; after?: string | null; limit: number; skip?: number }
    const hits = rows
      .filter((row) => (at === undefined ? row.at >= String(since) : row.at === at && row.id > String(after ?? "")))
      .toSorted((a, b) => (at === undefined ? a.at.localeCompare(b.at) : 0) || a.id.localeCompare(b.id))
    const shown = hits.slice(0, window).slice(skip ?? 0, (skip ?? 0) + limit)
    const next = (skip ?? 0) + limit < Math.min(hits.length, window) ? (skip ?? 0) + limit : null
    return { body: JSON.parse(JSON.stringify({ rows: shown, next })), headers: DATE }
  }

const manifest = (window: number, ties = true) => `version: { kind: timestamp, value: =rec.at, resolution: 1ms }
read:
  delta:
    limit: ${Math.min(4, window)}
    request: { method: POST, path: /search, body: { since: =cursor, limit: =limit } }
    records: =res.body.rows
    next: { token: =res.body.next, to: body.skip }
    cursor:
      kind: timestamp
      of: =rec.at
      overlap: 1s
      maxWindow: ${window}
      ${ties ? "ties: { keyset: =rec.id, request: { method: POST, path: /ties, body: { at: =cursor, after: =after, limit: =limit } } }" : ""}`

describe("a delta of an API that stops after some rows", () => {
  it("misses nobody, however many share one instant", async () => {
    const row = fc.record({ second: fc.integer({ min: 0, max: 5 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 40 }),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 6 }),
        async (drawn, window, limit) => {
          const rows = drawn.map(({ second }, index): Row => ({
            id: String(index).padStart(3, "0"),
            at: new Date(NOW - 100_000 + second * 1000).toISOString(),
          }))
          const connector = pretend(manifest(window), search(rows, window))
          const { changes, complete } = await scan(connector, "thing", "delta", null, limit)
          expect(complete).toBe(true)
          expect([...new Set(changes.map((change) => change.id))].toSorted()).toEqual(rows.map(({ id }) => id))
        },
      ),
      { numRuns: 150 },
    )
  })

  it("says so where the manifest does not know how to go on among equal times", async () => {
    const rows = Array.from({ length: 9 }, (_, index): Row => ({ id: String(index), at: new Date(NOW).toISOString() }))
    const connector = pretend(manifest(4, false), search(rows, 4))
    await expect(scan(connector, "thing", "delta", null, 2)).rejects.toThrow(/share the time .*cursor\.ties/)
  })

  it("refuses records that do not come in the order that windows need", async () => {
    const rows = [0, 2, 1].map((second, index): Row => ({ id: String(index), at: new Date(NOW + second * 1000).toISOString() }))
    const connector = pretend(manifest(8), () => ({ body: { rows: JSON.parse(JSON.stringify(rows)), next: null } }))
    await expect(scan(connector, "thing", "delta", null)).rejects.toThrow(/do not come in the order of their time/)
  })
})
