// Erasing a person: what goes, what stays, and that a match key which was forgotten is recognised without being kept.
import type { Erasure } from "@syncline/core/store"
import { expect, test } from "vitest"
import { changes, claim, entry, intent, link, quarantined, record, report, review, scan } from "./rows.ts"
import { failure, run } from "./stand.ts"
import type { Stand, Standing } from "./stand.ts"

const JANE = { entity: "person", key: "email", value: '["jane@private.example"]' } as const
const ERASURE: Erasure = {
  recordIds: ["r1"],
  alike: ["jane@private.example"],
  keys: [JANE],
  stableIn: [],
  names: ["jane@private.example", "remote-l1"],
  at: 99,
}
const NOTHING = { remoteIds: [], secondaryIds: [], binding: "crm.contacts", entity: "person" } as const

/** Jane is r1, and stands in rows of others too; Bob is r2. */
async function filled(stand: Stand): Promise<Standing> {
  const ground = await stand.fresh()
  const { store, lease } = ground
  await run(
    store.commit(
      lease,
      changes({
        records: [record("r1", { fields: { email: "jane@private.example", name: "Jane" } }), record("r2")],
        links: [link("l1", "r1"), link("l2", "r2")],
        claim: [claim(JANE.value, "r1"), claim('["r2@example.com"]', "r2")],
        openIntents: [intent("i1", "l1", "r1"), intent("i2", "l2", "r2")],
        reviews: [
          review("own", { recordId: "r1" }),
          review("parked", { recordId: "r2", item: { id: "9", email: "Jane@Private.example" }, remoteId: "9" }),
          review("among", { recordId: null, candidates: ["r1", "r2"] }),
          review("bob", { recordId: "r2" }),
        ],
        quarantine: [
          quarantined("own", { recordId: "r1", linkId: "l1" }),
          quarantined("stray", { recordId: null, linkId: null, remoteId: "9", item: { email: "jane@private.example" } }),
          quarantined("bob", { recordId: "r2", linkId: "l2" }),
        ],
        journal: [
          entry({ kind: "accepted", recordId: "r1", changes: [{ field: "name", before: null, after: "Jane" }] }),
          entry({ kind: "unlinked", recordId: "r2", note: "the item goes over to record r1" }),
          entry({ kind: "merged", recordId: "r2", note: "remote-l1 was merged into remote-l2" }),
          entry({ kind: "accepted", recordId: "r2", changes: [{ field: "name", before: null, after: "Bob" }] }),
        ],
        scans: [scan("crm.contacts", { cursor: { anchor: "remote-l1" } }), scan("email.members", { cursor: 5 })],
      }),
    ),
  )
  const decision = { kind: "retry", at: 1, by: "ada", note: null } as const
  await run(store.decide({ ...decision, id: "d1", quarantineId: "own" }))
  await run(store.decide({ ...decision, id: "d2", quarantineId: "bob" }))
  await run(
    store.putRun(lease, { id: "run1", startedAt: 1, endedAt: 2, outcome: "done", report: report({ warnings: ["see remote-l1", "fine"] }) }),
  )
  await run(store.putSystemState(lease, "crm", { last: "jane@private.example", used: 3 }))
  return ground
}

export function forgetFacts(stand: Stand): void {
  test("all rows of the person go, and those of others stay", async () => {
    const { store, lease } = await filled(stand)
    const erased = await run(store.forget(lease, ERASURE))
    expect(erased).toMatchObject({ records: 1, links: 1, intents: 1, reviews: 3, quarantine: 2, decisions: 1 })
    const left = await run(store.loadRecords(["r1", "r2"]))
    expect(left.records.map(({ id }) => id)).toEqual(["r2"])
    expect(left.links.map(({ id }) => id)).toEqual(["l2"])
    expect(left.claims.map(({ recordId }) => recordId)).toEqual(["r2"])
    expect((await run(store.openIntents(9))).map(({ id }) => id)).toEqual(["i2"])
    expect((await run(store.reviews({ limit: 9 }))).map(({ id }) => id)).toEqual(["bob"])
    expect((await run(store.quarantined({ limit: 9 }))).map(({ id }) => id)).toEqual(["bob"])
    expect((await run(store.decisions())).map(({ id }) => id)).toEqual(["d2"])
    expect(await run(store.find("jane@private.example", 9))).toEqual([])
  })

  test("the journal keeps its rows and their kinds, and no longer says that they were about the person", async () => {
    const { store, lease } = await filled(stand)
    const before = await run(store.journal({ limit: 99 }))
    expect((await run(store.forget(lease, ERASURE))).journal).toBe(2)
    const after = await run(store.journal({ limit: 99 }))
    expect(after.map(({ seq, kind, at, run: of }) => ({ seq, kind, at, of }))).toEqual(
      before.map(({ seq, kind, at, run: of }) => ({ seq, kind, at, of })),
    )
    const blank = { recordId: null, remoteId: null, changes: [], note: "erased" }
    expect([after[0], after[2]]).toMatchObject([blank, { recordId: "r2", remoteId: null, changes: [], note: "erased" }])
    // an id that is no name by itself stays in what others' rows say
    expect([after[1]?.recordId, after[3]]).toEqual(["r2", before[3]])
  })

  test("of what is told about others only what names the person goes, whose item may have the id that was theirs then", async () => {
    const { store, lease } = await filled(stand)
    const lost = { field: "name", before: "Bob", after: "Bobby", lost: "Bob" }
    const named = { field: "email", before: "r2@example.com", after: "jane@private.example" }
    const theirs = { kind: "conflict", recordId: "r2", binding: "crm.contacts", remoteId: "remote-l1" } as const
    const nobodys = { ...theirs, recordId: null, changes: [lost] }
    const journal = [entry({ ...theirs, changes: [named] }), entry({ ...theirs, changes: [lost, named] }), entry(nobodys)]
    await run(store.commit(lease, changes({ journal })))
    await run(store.forget(lease, ERASURE))
    expect((await run(store.journal({ limit: 99 }))).slice(-3)).toMatchObject([
      { recordId: "r2", remoteId: null, changes: [], note: "erased" },
      { recordId: "r2", remoteId: null, changes: [lost], note: "erased" },
      { recordId: null, remoteId: null, changes: [], note: "erased" },
    ])
  })

  test("another system's item of the same id is somebody else's: what is known of it stays", async () => {
    const { store, lease } = await filled(stand)
    const own = { recordId: null, linkId: null, remoteId: "remote-l1", binding: "crm.contacts" } as const
    const other = { ...own, binding: "email.members" } as const
    await run(
      store.commit(
        lease,
        changes({
          quarantine: [quarantined("hers", own), quarantined("others", other)],
          reviews: [
            review("hers", { ...own, recordId: "r2", item: { id: "remote-l1" } }),
            review("others", { ...other, recordId: "r2", item: { id: "remote-l1" } }),
          ],
          journal: [entry({ kind: "accepted", ...own, recordId: "r2" }), entry({ kind: "accepted", ...other, recordId: "r2" })],
        }),
      ),
    )
    expect((await run(store.forget(lease, ERASURE))).journal).toBe(3)
    expect((await run(store.journal({ limit: 99 }))).at(-1)).toMatchObject({ recordId: "r2", remoteId: "remote-l1" })
    expect((await run(store.quarantined({ limit: 9 }))).map(({ id }) => id).toSorted()).toEqual(["bob", "others"])
    expect((await run(store.reviews({ limit: 9 }))).map(({ id }) => id).toSorted()).toEqual(["bob", "others"])
  })

  test("what only names the person is blotted out, and a cursor that does starts anew", async () => {
    const { store, lease } = await filled(stand)
    expect((await run(store.forget(lease, ERASURE))).blotted).toBe(3)
    const [row] = await run(store.runs(1))
    expect(row?.report?.warnings).toEqual(["<erased>", "fine"])
    expect(await run(store.systemState("crm"))).toEqual({ last: "<erased>", used: 3 })
    const scans = await run(store.scans())
    expect(scans.map((one) => [one.binding, one.cursor]).toSorted()).toEqual([
      ["crm.contacts", null],
      ["email.members", 5],
    ])
  })

  test("a page that asks for a forgotten key is told so, until it is allowed again", async () => {
    const { store, lease } = await filled(stand)
    const bob = { key: "email", value: '["bob@private.example"]' }
    const ask = async () => (await run(store.loadPage({ ...NOTHING, keys: [{ key: JANE.key, value: JANE.value }, bob] }))).forgotten ?? []
    expect(await ask()).toEqual([])
    const { blocked } = await run(store.forget(lease, ERASURE))
    const hash = expect.stringMatching(/^fgt_[0-9a-f]{32}$/)
    expect(blocked).toEqual([
      { id: hash, entity: "person", key: "email" },
      { id: hash, entity: "person", key: "passing id in crm.contacts" },
    ])
    const id = blocked[0]?.id ?? ""
    expect(await ask()).toEqual([{ id, key: JANE.key, value: JANE.value }])
    expect((await run(store.loadPage({ ...NOTHING, entity: "company", keys: [JANE] }))).forgotten ?? []).toEqual([])
    const copy = await run(store.fork())
    expect((await run(copy.loadPage({ ...NOTHING, keys: [JANE] }))).forgotten?.map((each) => each.id)).toEqual([id])
    await run(copy.close())
    expect(await run(store.allowAgain(lease, id))).toBe(true)
    expect(await run(store.allowAgain(lease, id))).toBe(false)
    expect(await ask()).toEqual([])
  })

  test("an item is known again by its id where ids mean one item for ever, by a stable one anywhere, and both are lifted with the keys", async () => {
    const { store, lease } = await filled(stand)
    const links = [
      link("l3", "r1", { binding: "crm.contacts", remoteId: "c-7", secondaryId: "s-7" }),
      link("l4", "r1", { binding: "email.members", remoteId: "m-7", secondaryId: "s-8" }),
      // she gave that name up to somebody
      link("l5", "r2", { binding: "email.members", remoteId: "m-8", secondaryId: "s-8" }),
    ]
    await run(store.commit(lease, changes({ links })))
    const { blocked } = await run(store.forget(lease, { ...ERASURE, stableIn: ["crm.contacts"] }))
    expect(blocked.map(({ key }) => key)).toEqual([
      "email",
      "id in crm.contacts",
      "id in crm.contacts",
      "stable id in crm.contacts",
      "passing id in email.members",
    ])
    const ask = async (binding: string) => {
      const page = { ...NOTHING, binding, remoteIds: ["c-7", "m-7"], secondaryIds: ["s-7", "s-8"], keys: [JANE] }
      return ((await run(store.loadPage(page))).forgotten ?? []).map(({ value }) => value)
    }
    expect(await ask("crm.contacts")).toEqual([JANE.value, "c-7", "s-7"])
    expect(await ask("email.members")).toEqual([JANE.value, "m-7"])
    expect(await run(store.allowAgain(lease, blocked[2]?.id ?? ""))).toBe(true)
    expect(await ask("crm.contacts")).toEqual([])
  })

  test("a deleted record has no keys any more, and is found by its values where nothing else is", async () => {
    const { store, lease } = await stand.fresh()
    const deleted = { system: "crm", at: 1, proof: "tombstone" }
    const rows = [
      record("gone", { fields: { email: "gone@x.example", name: "Jane", tags: ["a"] }, deleted }),
      record("there", { fields: { email: "there@x.example", name: "Jane" } }),
      record("odd", {
        fields: Object.fromEntries([
          ["Odd@x.example", 1],
          ["email", "Odd@X.example"],
          ["k".repeat(3000), 2],
        ]),
        deleted,
      }),
    ]
    await run(store.commit(lease, changes({ records: rows, claim: [claim('["there@x.example"]', "there")] })))
    const found = (text: string) => run(store.find(text, 9))
    expect(await found("GONE@x.example")).toEqual(["gone"])
    expect(await found("odd@x.example")).toEqual(["odd"])
    expect(await found("there@x.example")).toEqual(["there"])
    expect(await found("jane")).toEqual(["gone"])
    expect(await found("gone@x")).toEqual([])
  })

  test("earlier lives of the person, deleted since, go as well", async () => {
    const { store, lease } = await filled(stand)
    const deleted = { system: "crm", at: 1, proof: "tombstone" }
    const earlier = record("r0", { fields: { email: "Jane@Private.example", name: "J." }, deleted })
    const other = record("r9", { fields: { email: "other@private.example" }, deleted })
    const links = [link("l0", "r0", { state: "gone" }), link("l9", "r9", { state: "gone" })]
    await run(store.commit(lease, changes({ records: [earlier, other], links, journal: [entry({ note: "remote-l0 was merged" })] })))
    expect(await run(store.forget(lease, ERASURE))).toMatchObject({ records: 2, links: 2, journal: 3 })
    expect((await run(store.loadRecords(["r0", "r9"]))).records.map(({ id }) => id)).toEqual(["r9"])
  })

  test("records that were merged into the person's go as well, at any remove, with what they were linked to", async () => {
    const { store, lease } = await filled(stand)
    const into = (mergedInto: string) => ({ system: "human", at: 1, proof: `merged into ${mergedInto}`, mergedInto })
    const rows = [
      record("r7", { fields: { email: "old@private.example" }, deleted: into("r1") }),
      record("r8", { fields: { email: "older@private.example" }, deleted: into("r7") }),
      record("r9", { fields: { email: "bob@private.example" }, deleted: into("r2") }),
    ]
    const links = rows.map((row) => link(`l-${row.id}`, row.id, { state: "kept" }))
    await run(store.commit(lease, changes({ records: rows, links })))
    expect(await run(store.forget(lease, ERASURE))).toMatchObject({ records: 3, links: 3 })
    expect((await run(store.loadRecords(["r1", "r7", "r8", "r9"]))).records.map(({ id }) => id)).toEqual(["r9"])
  })

  test("erasing twice is erasing once", async () => {
    const { store, lease } = await filled(stand)
    const first = await run(store.forget(lease, ERASURE))
    const second = await run(store.forget(lease, ERASURE))
    expect(second).toEqual({
      // of items there is nothing left to tell
      blocked: first.blocked.slice(0, 1),
      records: 0,
      links: 0,
      intents: 0,
      reviews: 0,
      quarantine: 0,
      decisions: 0,
      journal: 0,
      blotted: 0,
    })
  })

  test("under a lease that was taken over nobody is erased", async () => {
    const { store, lease } = await filled(stand)
    await run(store.acquire("other", 2_000_000, 10))
    expect((await failure(store.forget(lease, ERASURE)))._tag).toBe("StaleLease")
    expect((await run(store.loadRecords(["r1"]))).records).toHaveLength(1)
  })
}
