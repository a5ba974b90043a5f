// Scenarios of the crash enumeration: what happens every day, with answers that arrive.
import { MAILISH } from "../fake-system/traits.ts"
import { after, answered, bothPhones, edit, remove, two, type Scenario } from "./scenario.ts"

export const EVERYDAY: readonly Scenario[] = [
  {
    title: "first sync, one side empty",
    spec: two(),
    prepare: async (world) => {
      for (const who of ["one", "two", "three"]) world.system("a").create({ email: `${who}@x.com`, name: who })
    },
  },
  {
    title: "first sync, both sides meet",
    spec: two({ pageSize: 2 }, { onMatch: "newest" }),
    prepare: async (world) => {
      for (const who of ["one", "two", "three"]) world.system("a").create({ email: `${who}@x.com`, name: who, phone: "1" })
      world.wait()
      for (const who of ["two", "three", "four"]) world.system("b").create({ email: `${who}@x.com`, name: `${who} of b` })
    },
  },
  {
    title: "first sync, page by page",
    spec: { systems: { a: { pageSize: 1 }, b: { max: 1 } } },
    prepare: async (world) => {
      for (const who of ["one", "two"]) world.system("a").create({ email: `${who}@x.com`, name: who })
    },
  },
  {
    title: "create on both sides",
    spec: two(),
    prepare: after((world) => {
      world.system("a").create({ email: "new@x.com", name: "new" })
      world.system("b").create({ email: "other@x.com", name: "other" })
    }),
  },
  {
    title: "create at a system that upserts by address and returns nothing",
    spec: two({ idempotent: "naturalKey", unique: true, returnsItem: false }),
    prepare: after((world) => void world.system("a").create({ email: "new@x.com", name: "new" })),
  },
  {
    title: "create at a system that can be asked by address only",
    spec: two({ idempotent: "none", unique: true }),
    prepare: after((world) => void world.system("a").create({ email: "new@x.com", name: "new" })),
  },
  {
    title: "create at a system with ids made from addresses",
    spec: two(MAILISH),
    prepare: after((world) => void world.system("a").create({ email: "new@x.com", name: "new" })),
  },
  {
    title: "update of several fields",
    spec: two(),
    prepare: after((world) => {
      edit(world, "a", "one", { name: "one in a", tags: ["t", "u"] })
      edit(world, "b", "two", { name: "two in b", phone: null })
    }),
  },
  {
    title: "update without versions",
    spec: two({ version: "none", guard: "none", perField: false }),
    prepare: after((world) => {
      edit(world, "a", "one", { name: "one in a" })
      edit(world, "b", "two", { name: "two in b" })
    }),
  },
  {
    title: "update with declared rewriting",
    spec: two({ normalises: { name: ["lower"] } }),
    prepare: after((world) => edit(world, "a", "one", { name: "ONE" })),
  },
  {
    title: "update with rewriting nobody declared",
    spec: two(),
    // after a lost answer it looks like an edit, and is taken over
    blurred: (ending) => ending.replaceAll("ONE!", "ONE"),
    prepare: after((world) => {
      world.system("b").rewrites = (item) => (typeof item["name"] === "string" ? { ...item, name: `${item["name"]}!` } : item)
      edit(world, "a", "one", { name: "ONE" })
    }),
  },
  { title: "delete by tombstone", spec: two(), prepare: after((world) => remove(world, "a", "two")) },
  { title: "delete by flag", spec: { systems: { a: { deletes: "flag" }, b: {} } }, prepare: after((world) => remove(world, "a", "two")) },
  { title: "delete by absence", spec: two(MAILISH), options: { full: true }, prepare: after((world) => remove(world, "b", "two")) },
  {
    title: "delete that archives",
    spec: two({}, { binding: { b: ["on_delete: { archive: { status: gone } }"] } }),
    prepare: after((world) => remove(world, "a", "two")),
  },
  {
    title: "rekey: ids change with the address",
    spec: two(MAILISH),
    prepare: after((world) => {
      edit(world, "a", "one", { email: "uno@x.com" })
      edit(world, "b", "two", { email: "due@x.com" })
    }),
  },
  {
    title: "conflict, newest wins",
    spec: two(),
    prepare: after((world) => {
      edit(world, "a", "one", { note: "a" })
      world.wait()
      edit(world, "b", "one", { note: "b", phone: "5" })
    }),
  },
  { title: "conflict, a person is asked", spec: two({}, { conflicts: { phone: "review" } }), prepare: after(bothPhones) },
  {
    title: "conflict, sets are united",
    spec: two({}, { conflicts: { tags: "union" } }),
    prepare: after((world) => {
      edit(world, "a", "one", { tags: ["t", "u"] })
      edit(world, "b", "one", { tags: ["v"] })
    }),
  },
  {
    title: "review decision: a system's value",
    spec: two({}, { conflicts: { phone: "review" } }),
    prepare: answered(bothPhones, { take: "system", system: "b" }),
  },
  {
    title: "review decision: a value of its own",
    spec: two({}, { conflicts: { phone: "review" } }),
    prepare: answered(bothPhones, { take: "value", value: "9" }),
  },
  {
    title: "delete against edit, kept by decision",
    spec: two(),
    prepare: answered(
      (world) => {
        remove(world, "a", "one")
        edit(world, "b", "one", { name: "alive" })
      },
      { take: "keep" },
    ),
  },
  {
    title: "delete against edit, the edit wins",
    spec: two({}, { deleteVsEdit: "edit_wins" }),
    prepare: after((world) => {
      remove(world, "a", "one")
      edit(world, "b", "one", { name: "alive" })
    }),
  },
  {
    title: "delete against edit, the delete wins",
    spec: two({}, { deleteVsEdit: "delete_wins" }),
    prepare: after((world) => {
      remove(world, "a", "one")
      edit(world, "b", "one", { name: "alive" })
    }),
  },
  {
    title: "duplicate in one system",
    spec: two(),
    prepare: after((world) => void world.system("a").create({ email: "one@x.com", name: "again" })),
  },
  {
    title: "duplicate, a record of its own by decision",
    spec: two(),
    prepare: answered((world) => void world.system("a").create({ email: "one@x.com", name: "again" }), { take: "new" }),
  },
]
