// What delivery and the scans ask of the store, and in which order it answers.
import type { Link } from "@syncline/core/model"
import { expect, test } from "vitest"
import { changes, intent, link, record, scan } from "./rows.ts"
import { run } from "./stand.ts"
import type { Stand } from "./stand.ts"

const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

export function deliveryFacts(stand: Stand): void {
  const withLinks = async (links: readonly Link[], some = {}) => {
    const { store, lease } = await stand.fresh()
    const records = [...new Set(links.map((one) => one.recordId))].map((id) => record(id))
    await run(store.commit(lease, changes({ records, links, ...some })))
    return { store, lease }
  }

  test("due links come oldest first with deletes last, and bring their records", async () => {
    const owed = { name: ["x"] } as const
    const { store } = await withLinks([
      link("delete-old", "r1", { owes: "delete", dueAt: 1 }),
      link("b", "r2", { owed, dueAt: 20 }),
      link("a", "r3", { owed, dueAt: 20 }),
      link("old", "r4", { owes: "archive", dueAt: 10 }),
      link("later", "r5", { owed, dueAt: 31 }),
      link("held", "r6", { owed }),
      link("delete-new", "r7", { owes: "delete", dueAt: 30 }),
      link("elsewhere", "r1", { owed, dueAt: 1, binding: "email.members" }),
    ])
    const answer = await run(store.due("crm.contacts", "person", 30, 10))
    expect(ids(answer.due)).toEqual(["old", "a", "b", "delete-old", "delete-new"])
    expect(ids(answer.loaded.records).sort()).toEqual(["r1", "r2", "r3", "r4", "r7"])
    expect(ids(answer.loaded.links)).toContain("elsewhere")
    expect(ids((await run(store.due("crm.contacts", "person", 30, 4))).due)).toEqual(["old", "a", "b", "delete-old"])
    expect(ids((await run(store.due("crm.contacts", "person", 30, 2))).due)).toEqual(["old", "a"])
    expect((await run(store.due("crm.contacts", "company", 30, 4))).due).toEqual([])
  })

  test("a link with an open intent is not due until the intent is closed", async () => {
    const { store, lease } = await withLinks([link("l1", "r1", { owed: { name: [] }, dueAt: 1 })], {
      openIntents: [intent("i1", "l1", "r1")],
    })
    expect((await run(store.due("crm.contacts", "person", 5, 9))).due).toEqual([])
    await run(store.commit(lease, changes({ closeIntents: ["i1"] })))
    expect(ids((await run(store.due("crm.contacts", "person", 5, 9))).due)).toEqual(["l1"])
  })

  test("due links are counted by what they would cause", async () => {
    const owed = { name: ["x"] } as const
    const { store } = await withLinks([
      link("create", "r1", { owed, dueAt: 1, remoteId: null }),
      link("update", "r2", { owed, dueAt: 5 }),
      link("archive", "r3", { owes: "archive", dueAt: 5 }),
      link("delete", "r4", { owes: "delete", owed, dueAt: 5 }),
      link("later", "r5", { owed, dueAt: 6 }),
      link("quiet", "r6"),
      link("parked", "r7", { state: "parked" }),
      link("gone", "r8", { state: "gone" }),
      link("other", "r1", { binding: "email.members", remoteId: null }),
    ])
    expect(await run(store.dueCounts(5))).toEqual([
      { entity: "person", binding: "crm.contacts", create: 1, update: 2, delete: 1, linked: 5 },
      { entity: "person", binding: "email.members", create: 0, update: 0, delete: 0, linked: 0 },
    ])
  })

  test("open intents come oldest first and are replaced whole", async () => {
    const { store, lease } = await withLinks([link("l1", "r1")], {
      openIntents: [intent("b", "l1", "r1", { openedAt: 5 }), intent("a", "l1", "r1", { openedAt: 5 }), intent("c", "l1", "r1")],
    })
    const again = intent("c", "l1", "r1", {
      openedAt: 9,
      tries: 2,
      unanswered: true,
      keys: [{ entity: "person", key: "email", value: "k", recordId: "r1" }],
    })
    await run(store.commit(lease, changes({ openIntents: [again] })))
    expect(ids(await run(store.openIntents(10)))).toEqual(["a", "b", "c"])
    expect(ids(await run(store.openIntents(2)))).toEqual(["a", "b"])
    expect((await run(store.openIntents(10)))[2]).toEqual(again)
  })

  test("links to be read again come when their time has come, if there is something to read", async () => {
    const { store } = await withLinks([
      link("b", "r1", { rereadAt: 5 }),
      link("a", "r2", { rereadAt: 5 }),
      link("first", "r3", { rereadAt: 1, dueAt: 1 }),
      link("later", "r4", { rereadAt: 6 }),
      link("unborn", "r5", { rereadAt: 1, remoteId: null }),
      link("quiet", "r6"),
    ])
    expect(ids(await run(store.toReread("crm.contacts", "person", 5, 9)))).toEqual(["first", "a", "b"])
    expect(ids(await run(store.toReread("crm.contacts", "person", 5, 1)))).toEqual(["first"])
  })

  test("links not seen since a time are paged by id", async () => {
    const { store } = await withLinks([
      link("c", "r1", { seenAt: 1 }),
      link("a", "r2", { seenAt: 9 }),
      link("b", "r3", { seenAt: 2, state: "parked" }),
      link("fresh", "r4", { seenAt: 10 }),
      link("gone", "r5", { seenAt: 1, state: "gone" }),
      link("never", "r6", { seenAt: null }),
      link("unborn", "r7", { seenAt: 1, remoteId: null }),
      link("d", "r8", { seenAt: 1, binding: "email.members" }),
    ])
    const page = (after: string) => run(store.unsighted("crm.contacts", "person", 10, after, 2))
    expect(ids(await page(""))).toEqual(["a", "b"])
    expect(ids(await page("b"))).toEqual(["c"])
    expect(ids(await page("c"))).toEqual([])
  })

  test("records of an entity are paged by id, without the deleted", async () => {
    const { store, lease } = await stand.fresh()
    const deleted = { system: "crm", at: 1, proof: "A tombstone." }
    const records = [record("c"), record("a"), record("b", { deleted }), record("d", { entity: "company" }), record("e")]
    await run(store.commit(lease, changes({ records })))
    expect(ids(await run(store.records("person", "", 2)))).toEqual(["a", "c"])
    expect(ids(await run(store.records("person", "c", 2)))).toEqual(["e"])
    expect(ids(await run(store.records("thing", "", 2)))).toEqual([])
  })

  test("the state of a scan is kept per entity and binding", async () => {
    const { store, lease } = await stand.fresh()
    const resumed = scan("crm.contacts", { cursor: { at: "2026-01-01", seen: [1, 2] }, total: 7 })
    const under = { mode: "snapshot", next: "p2", startedAt: 5, provesAbsence: true } as const
    await run(
      store.commit(lease, changes({ scans: [scan("crm.contacts"), scan("email.members"), scan("crm.contacts", { entity: "company" })] })),
    )
    await run(store.commit(lease, changes({ scans: [{ ...resumed, scan: under }] })))
    const scans = await run(store.scans())
    expect(scans).toHaveLength(3)
    expect(scans).toContainEqual({ ...resumed, scan: under })
  })
}
