// What people ask: status, reviews, quarantine, journal, runs, decisions, and finding a record.
import type { JournalEntry } from "@syncline/core/model"
import type { Decision } from "@syncline/core/store"
import { expect, test } from "vitest"
import { changes, claim, entry, link, quarantined, record, report, review, scan } from "./rows.ts"
import { run } from "./stand.ts"
import type { Stand } from "./stand.ts"

const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

export function peopleFacts(stand: Stand): void {
  test("the status counts links, debts, failures, questions and what is held, per binding", async () => {
    const { store, lease } = await stand.fresh()
    const owed = { name: ["x"] } as const
    await run(
      store.commit(
        lease,
        changes({
          records: ["r1", "r2", "r3"].map((id) => record(id)),
          links: [
            link("l1", "r1", { owed, dueAt: 50, attempts: 2 }),
            link("l2", "r2", { owed, dueAt: 40, attempts: 1 }),
            link("l3", "r3", { owes: "delete", dueAt: 1 }),
            link("l4", "r1", { state: "gone" }),
            link("l5", "r2", { owed, attempts: 3 }),
            link("l6", "r1", { state: "kept", binding: "email.members" }),
            link("l7", "r2", { state: "parked", binding: "email.members" }),
          ],
          scans: [scan("shop.customers")],
          reviews: [review("v1", { binding: "crm.contacts" }), review("v2", { binding: "crm.contacts", status: "resolved" }), review("v3")],
          quarantine: [quarantined("q1"), quarantined("q2", { binding: "email.members" })],
        }),
      ),
    )
    const nothing = { live: 0, parked: 0, kept: 0, gone: 0 }
    const quiet = { entity: "person", owed: 0, waiting: 0, quarantined: 0, reviews: 0, nextDueAt: null }
    expect(await run(store.status())).toEqual([
      {
        ...quiet,
        binding: "crm.contacts",
        links: { ...nothing, live: 4, gone: 1 },
        owed: 4,
        waiting: 2,
        quarantined: 1,
        reviews: 1,
        nextDueAt: 40,
      },
      { ...quiet, binding: "email.members", links: { ...nothing, kept: 1, parked: 1 }, quarantined: 1 },
      { ...quiet, binding: "shop.customers", links: nothing },
    ])
  })

  test("reviews are filtered, oldest first, and the closed are kept", async () => {
    const { store, lease } = await stand.fresh()
    const reviews = [
      review("b"),
      review("a"),
      review("old", { openedAt: 1, kind: "duplicate", field: null }),
      review("company", { entity: "company" }),
      review("done", { status: "resolved", closedAt: 5, resolution: "Jane took the CRM's value." }),
      review("off", { status: "withdrawn" }),
    ]
    await run(store.commit(lease, changes({ reviews })))
    const found = async (filter: object) => ids(await run(store.reviews({ limit: 10, ...filter })))
    expect(await found({ status: "open" })).toEqual(["old", "a", "b", "company"])
    expect(await found({ status: "closed" })).toEqual(["done", "off"])
    expect(await found({ kind: "duplicate" })).toEqual(["old"])
    expect(await found({ field: "phone", entity: "person", status: "open" })).toEqual(["a", "b"])
    expect(await found({ limit: 1 })).toEqual(["old"])
    expect(await run(store.review("done"))).toEqual(reviews[4])
  })

  test("a review is found by its id, or by a beginning that only it has", async () => {
    const { store, lease } = await stand.fresh()
    await run(store.commit(lease, changes({ reviews: [review("v1"), review("v12"), review("w%_x")] })))
    const found = async (id: string) => (await run(store.review(id)))?.id ?? null
    expect(await found("v1")).toBe("v1")
    expect(await found("v12")).toBe("v12")
    expect(await found("w")).toBe("w%_x")
    expect(await found("w%")).toBe("w%_x")
    expect([await found("v"), await found("_"), await found("%"), await found("")]).toEqual([null, null, null, null])
  })

  test("what is held is filtered, oldest first", async () => {
    const { store, lease } = await stand.fresh()
    const entries = [quarantined("b"), quarantined("a"), quarantined("old", { since: 1 }), quarantined("c", { binding: "email.members" })]
    await run(store.commit(lease, changes({ quarantine: entries })))
    const found = async (filter: object) => ids(await run(store.quarantined({ limit: 10, ...filter })))
    expect(await found({})).toEqual(["old", "a", "b", "c"])
    expect(await found({ binding: "email.members", entity: "person" })).toEqual(["c"])
    expect(await found({ entity: "company" })).toEqual([])
    expect(await found({ limit: 2 })).toEqual(["old", "a"])
  })

  test("the journal numbers its entries, keeps them whole and pages both ways", async () => {
    const { store, lease } = await stand.fresh()
    const stamp = { system: "crm", at: 5, certainty: "field" } as const
    const full: JournalEntry = {
      kind: "conflict",
      at: 7,
      run: "run-2",
      entity: "person",
      recordId: "r1",
      binding: "crm.contacts",
      remoteId: "900",
      note: "Newer.",
      changes: [
        { field: "phone", before: null, after: "1", by: stamp, lost: null, lostBy: { ...stamp, system: "email" }, rule: "newest" },
        { field: "name", before: { a: [1] }, after: null },
        { field: "tags", before: [], after: ["x"], rule: "union" },
        { field: "city", before: "", after: 0, lost: false },
        { field: "zip", before: 1, after: 2, lostBy: stamp },
      ],
    }
    await run(store.commit(lease, changes({ journal: [entry(), full] })))
    await run(store.commit(lease, changes({ journal: [entry({ recordId: "r1", kind: "deleted" })] })))
    const all = await run(store.journal({ limit: 10 }))
    expect(all.map((row) => row.seq)).toEqual([1, 2, 3])
    expect(all[0]).toEqual({ ...entry(), seq: 1 })
    expect(all[1]).toEqual({ ...full, seq: 2 })
    const seqs = async (filter: object) => (await run(store.journal({ limit: 10, ...filter }))).map((row) => row.seq)
    expect(await seqs({ recordId: "r1" })).toEqual([2, 3])
    expect(await seqs({ recordId: "r1", newestFirst: true, limit: 1 })).toEqual([3])
    expect(await seqs({ run: "run-2" })).toEqual([2])
    expect(await seqs({ run: "never" })).toEqual([])
    expect(await seqs({ binding: "crm.contacts", recordId: "r1", run: "run-2" })).toEqual([2])
    expect(await seqs({ afterSeq: 1, limit: 1 })).toEqual([2])
  })

  test("a record is found by its id, an item's ids and its keys, in any letter case", async () => {
    const { store, lease } = await stand.fresh()
    const records = ["r1", "r2", "r3", "r4"].map((id) => record(id))
    const links = [link("l1", "r1", { remoteId: "ABC-1" }), link("l2", "r2", { secondaryId: "Jürgen" })]
    const claims = [
      claim('["jane@x.com"]', "r3"),
      claim('"ZOË@x.com"', "r4"),
      claim("plain@x.com", "r4"),
      claim('["+41 79","Müller"]', "r1", { key: "phone+name" }),
      claim("[123]", "r2", { key: "number" }),
      claim('["jane@x.com"]', "r2"),
    ]
    await run(store.commit(lease, changes({ records, links, claim: claims })))
    const found = (text: string) => run(store.find(text, 10))
    expect(await found("R1")).toEqual(["r1"])
    expect(await found("abc-1")).toEqual(["r1"])
    expect(await found("JÜRGEN")).toEqual(["r2"])
    expect(await found("Jane@X.com")).toEqual(["r2", "r3"])
    expect(await run(store.find("Jane@X.com", 1))).toEqual(["r2"])
    expect(await found("zoë@X.COM")).toEqual(["r4"])
    expect(await found("PLAIN@x.com")).toEqual(["r4"])
    expect(await found("müller")).toEqual(["r1"])
    expect(await found("123")).toEqual(["r2"])
    expect(await found("jane")).toEqual([])
    expect(await found("")).toEqual([])
  })

  test("decisions wait in order, without any lease", async () => {
    const store = await stand.open(await stand.dir())
    const resolve: Decision = {
      id: "d2",
      at: 5,
      by: "jane",
      note: "as agreed",
      kind: "resolve",
      reviewId: "v1",
      hash: "h",
      choice: { take: "value", value: { a: [null] } },
    }
    await run(store.decide(resolve))
    await run(store.decide({ id: "d1", at: 5, by: "jane", note: null, kind: "retry", quarantineId: "q1" }))
    expect(ids(await run(store.decisions()))).toEqual(["d1", "d2"])
    expect((await run(store.decisions()))[1]).toEqual(resolve)
  })

  test("a system's state and the runs are kept, the newest run first", async () => {
    const { store, lease } = await stand.fresh()
    expect(await run(store.systemState("crm"))).toBeNull()
    await run(store.putSystemState(lease, "crm", { offset: -5, etag: null }))
    expect(await run(store.systemState("crm"))).toEqual({ offset: -5, etag: null })
    const row = (id: string, startedAt: number) => ({ id, startedAt, endedAt: null, outcome: "running", report: null }) as const
    for (const one of [row("a", 1), row("c", 3), row("b", 3)]) await run(store.putRun(lease, one))
    const ended = { ...row("a", 1), endedAt: 9, outcome: "done", report: report({ run: "a" }) } as const
    await run(store.putRun(lease, ended))
    expect(ids(await run(store.runs(2)))).toEqual(["c", "b"])
    expect((await run(store.runs(5)))[2]).toEqual(ended)
  })
}
