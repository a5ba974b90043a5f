// One page: what is loaded is complete, what is committed is whole rows, and all of it or nothing.
import type { Loaded, PageQuery, Store } from "@syncline/core/store"
import { expect, test } from "vitest"
import { changes, claim, entry, intent, link, quarantined, record, review, scan } from "./rows.ts"
import { dies, run } from "./stand.ts"
import type { Stand } from "./stand.ts"

const page = (some: Partial<PageQuery>): PageQuery => ({
  entity: "person",
  binding: "crm.contacts",
  remoteIds: [],
  secondaryIds: [],
  keys: [],
  ...some,
})

/** The rows of an answer as sorted names: their order is nobody's promise. */
const named = (loaded: Loaded) => ({
  records: loaded.records.map((row) => row.id).sort(),
  links: loaded.links.map((row) => row.id).sort(),
  claims: loaded.claims.map((row) => `${row.value} ${row.recordId}`).sort(),
  intents: loaded.intents.map((row) => row.id).sort(),
  reviews: loaded.reviews.map((row) => row.id).sort(),
  quarantine: loaded.quarantine.map((row) => row.id).sort(),
})

const linkOf = async (store: Store, recordId: string) => (await run(store.loadRecords([recordId]))).links[0]

export function pageFacts(stand: Stand): void {
  test("what was committed is read back as it was", async () => {
    const { store, lease } = await stand.fresh()
    const rich = record("r1", {
      fields: { email: null, tags: ["a", "b"], address: { city: "Zürich", geo: {} }, age: 0, gone: false, text: "" },
      deleted: { system: "crm", at: 5, proof: "A tombstone in the change feed." },
    })
    const owing = link("l1", "r1", {
      state: "parked",
      secondaryId: "s1",
      generation: 3,
      owed: { name: ["Jane"], phone: [], tags: [["x"]] },
      owes: "archive",
      means: { phone: "+41" },
      version: 'W/"7"',
      dueAt: 5,
      attempts: 4,
      rereadAt: 9,
      doubtedAt: 11,
      blocked: "The address is taken.",
    })
    const bare = link("l2", "r1", { binding: "email.members", remoteId: null, seen: null, seenAt: null })
    const held = { claim: claim('["a@x.com"]', "r1"), intent: intent("i1", "l1", "r1"), review: review("v1", { recordId: "r1" }) }
    const kept = quarantined("q1", { linkId: "l1", recordId: "r1" })
    await run(
      store.commit(
        lease,
        changes({
          records: [rich],
          links: [owing, bare],
          claim: [held.claim],
          openIntents: [held.intent],
          reviews: [held.review],
          quarantine: [kept],
        }),
      ),
    )
    const loaded = await run(store.loadRecords(["r1"]))
    expect(loaded.records).toEqual([rich])
    expect([...loaded.links].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([owing, bare])
    expect(loaded.claims).toEqual([held.claim])
    expect(loaded.intents).toEqual([held.intent])
    expect(loaded.reviews).toEqual([held.review])
    expect(loaded.quarantine).toEqual([kept])
  })

  test("a page brings the records of its items, secondary ids and keys, each complete", async () => {
    const { store, lease } = await stand.fresh()
    await run(
      store.commit(
        lease,
        changes({
          records: ["r1", "r2", "r3", "r4"].map((id) => record(id)),
          links: [
            link("l1", "r1"),
            link("l1b", "r1", { binding: "email.members", state: "gone" }),
            link("l2", "r2", { secondaryId: "s2" }),
            link("l3", "r3", { remoteId: null }),
            link("l4", "r4"),
          ],
          claim: [claim('"k3"', "r3"), claim('"k3"', "r2"), claim('"other"', "r2", { key: "phone" }), claim('"k4"', "r4")],
          openIntents: [intent("i1", "l1b", "r1"), intent("i4", "l4", "r4")],
          reviews: [
            review("v1", { recordId: "r1" }),
            review("v2", { recordId: "r2", status: "withdrawn" }),
            review("v5", { kind: "ambiguous", binding: "crm.contacts", remoteId: "new" }),
            review("v4", { recordId: "r4" }),
          ],
          quarantine: [
            quarantined("q1", { linkId: "l1" }),
            quarantined("q5", { remoteId: "new" }),
            quarantined("q4", { linkId: "l4" }),
            quarantined("q6", { remoteId: "new", binding: "email.members" }),
          ],
        }),
      ),
    )
    const query = page({ remoteIds: ["remote-l1", "new"], secondaryIds: ["s2"], keys: [{ key: "email", value: '"k3"' }] })
    expect(named(await run(store.loadPage(query)))).toEqual({
      records: ["r1", "r2", "r3"],
      links: ["l1", "l1b", "l2", "l3"],
      claims: ['"k3" r2', '"k3" r3', '"other" r2'],
      intents: ["i1"],
      reviews: ["v1", "v5"],
      quarantine: ["q1", "q5"],
    })
  })

  test("ids and keys of another entity, binding or key find nothing", async () => {
    const { store, lease } = await stand.fresh()
    await run(
      store.commit(
        lease,
        changes({ records: [record("r1")], links: [link("l1", "r1", { secondaryId: "s1" })], claim: [claim('"k"', "r1")] }),
      ),
    )
    const everything = { remoteIds: ["remote-l1"], secondaryIds: ["s1"], keys: [{ key: "email", value: '"k"' }] }
    const [nothing, some] = [[], ["r1"]]
    const found = async (some: Partial<PageQuery>) => (await run(store.loadPage(page(some)))).records.map((row) => row.id)
    expect(await found({ ...everything, entity: "company" })).toEqual(nothing)
    expect(await found({ ...everything, binding: "email.members", keys: [] })).toEqual(nothing)
    expect(await found({ keys: [{ key: "phone", value: '"k"' }] })).toEqual(nothing)
    expect(await found({ remoteIds: ["s1"], secondaryIds: ["remote-l1"] })).toEqual(nothing)
    expect(await found(everything)).toEqual(some)
  })

  test("whole rows replace rows with the same id", async () => {
    const { store, lease } = await stand.fresh()
    await run(
      store.commit(lease, changes({ records: [record("r1")], links: [link("l1", "r1", { owed: { name: ["x"] }, blocked: "no" })] })),
    )
    await run(store.commit(lease, changes({ records: [record("r1", { fields: { a: 1 }, stamps: {} })], links: [link("l1", "r1")] })))
    const loaded = await run(store.loadRecords(["r1"]))
    expect(loaded.records).toEqual([record("r1", { fields: { a: 1 }, stamps: {} })])
    expect(loaded.links).toEqual([link("l1", "r1")])
  })

  test("claims come and go, and to claim twice is to claim once", async () => {
    const { store, lease } = await stand.fresh()
    const mine = claim('"k"', "r1")
    await run(store.commit(lease, changes({ records: [record("r1"), record("r2")], claim: [mine, claim('"k"', "r2")] })))
    await run(store.commit(lease, changes({ claim: [mine] })))
    await run(store.commit(lease, changes({ unclaim: [claim('"k"', "r2"), claim('"never"', "r2")] })))
    const loaded = await run(store.loadPage(page({ keys: [{ key: "email", value: '"k"' }] })))
    expect(loaded.claims).toEqual([mine])
  })

  test("a claim that is given up and taken in one commit is held", async () => {
    const { store, lease } = await stand.fresh()
    const mine = claim('"k"', "r1")
    await run(store.commit(lease, changes({ records: [record("r1")], claim: [mine] })))
    await run(store.commit(lease, changes({ unclaim: [mine], claim: [mine] })))
    expect((await run(store.loadRecords(["r1"]))).claims).toEqual([mine])
  })

  test("links are dropped, entries released, intents closed, decisions carried out", async () => {
    const { store, lease } = await stand.fresh()
    await run(store.decide({ id: "d1", at: 1, by: "jane", note: null, kind: "drop", quarantineId: "q1" }))
    await run(store.decide({ id: "d2", at: 2, by: "jane", note: null, kind: "retry", quarantineId: "q2" }))
    await run(
      store.commit(
        lease,
        changes({
          records: [record("r1")],
          links: [link("l1", "r1"), link("l2", "r1")],
          openIntents: [intent("i1", "l1", "r1"), intent("i2", "l2", "r1")],
          quarantine: [quarantined("q1", { linkId: "l2" }), quarantined("q2", { linkId: "l2" })],
        }),
      ),
    )
    await run(store.commit(lease, changes({ dropLinks: ["l1"], release: ["q1"], closeIntents: ["i1"], decided: ["d1"] })))
    const loaded = named(await run(store.loadRecords(["r1"])))
    expect(loaded).toMatchObject({ links: ["l2"], intents: ["i2"], quarantine: ["q2"] })
    expect((await run(store.openIntents(10))).map((one) => one.id)).toEqual(["i2"])
    expect((await run(store.decisions())).map((one) => one.id)).toEqual(["d2"])
  })

  test("seen again sets the time of sighting and nothing else", async () => {
    const { store, lease } = await stand.fresh()
    const links = [link("l1", "r1", { owed: { name: [] }, dueAt: 4 }), link("l2", "r1")]
    await run(store.commit(lease, changes({ records: [record("r1")], links })))
    await run(store.commit(lease, changes({ sighted: { linkIds: ["l1", "unknown"], at: 7777 } })))
    expect(await linkOf(store, "r1")).toEqual({ ...links[0], seenAt: 7777 })
  })

  test("an item changes hands inside one commit", async () => {
    const { store, lease } = await stand.fresh()
    const owners = [link("l1", "r1", { remoteId: "a" }), link("l2", "r1", { remoteId: "b" })]
    await run(store.commit(lease, changes({ records: [record("r1")], links: owners })))
    const swapped = [link("l1", "r1", { remoteId: "b" }), link("l2", "r1", { remoteId: "a" })]
    await run(store.commit(lease, changes({ links: swapped })))
    const taken = link("l3", "r1", { remoteId: "a" })
    await run(store.commit(lease, changes({ dropLinks: ["l2"], links: [taken] })))
    const loaded = await run(store.loadRecords(["r1"]))
    expect([...loaded.links].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([swapped[0], taken])
  })

  test("two links on one item break the commit, and nothing of it is kept", async () => {
    const { store, lease } = await stand.fresh()
    await run(store.commit(lease, changes({ records: [record("r1")], links: [link("l1", "r1", { remoteId: "a" })] })))
    const clash = changes({
      records: [record("r2")],
      links: [link("l2", "r2", { remoteId: "a" })],
      journal: [entry()],
      scans: [scan("crm.contacts")],
    })
    expect(await dies(store.commit(lease, clash))).toBe(true)
    expect(named(await run(store.loadRecords(["r1", "r2"])))).toMatchObject({ records: ["r1"], links: ["l1"] })
    expect(await run(store.journal({ limit: 10 }))).toEqual([])
    expect(await run(store.scans())).toEqual([])
    await run(store.commit(lease, changes({ links: [link("l2", "r1", { remoteId: "a", binding: "email.members" })] })))
  })

  test("a link or claim of a record that does not exist breaks the commit", async () => {
    const { store, lease } = await stand.fresh()
    expect(await dies(store.commit(lease, changes({ records: [record("r1")], links: [link("l1", "r2")] })))).toBe(true)
    expect(await dies(store.commit(lease, changes({ records: [record("r1")], claim: [claim('"k"', "r2")] })))).toBe(true)
    expect((await run(store.loadRecords(["r1", "r2"]))).records).toEqual([])
  })

  test("ten thousand records go through one commit and one page", { timeout: 60_000 }, async () => {
    const { store, lease } = await stand.fresh()
    const numbers = Array.from({ length: 10_000 }, (_, index) => index)
    await run(
      store.commit(
        lease,
        changes({
          records: numbers.map((n) => record(`r${n}`)),
          links: numbers.flatMap((n) => [link(`a${n}`, `r${n}`), link(`b${n}`, `r${n}`, { binding: "email.members" })]),
          claim: numbers.map((n) => claim(`"k${n}"`, `r${n}`)),
          journal: numbers.map((n) => entry({ recordId: `r${n}` })),
        }),
      ),
    )
    const loaded = await run(store.loadPage(page({ remoteIds: numbers.map((n) => `remote-a${n}`) })))
    expect([loaded.records.length, loaded.links.length, loaded.claims.length]).toEqual([10_000, 20_000, 10_000])
  })
}
