// Faults in lookups, and in telling deletes and new ids.
import { type Change, type LookupAnswer, type Page } from "@syncline/connector"
import { calling, pulling, type Plant, type PlantedFault } from "./plant.ts"

const looking = (
  change: (answers: readonly LookupAnswer[], values: readonly string[]) => readonly LookupAnswer[] | Promise<readonly LookupAnswer[]>,
): Plant =>
  calling((good) => ({
    lookup: async (resource, by, values, options) => change((await good.lookup?.(resource, by, values, options)) ?? [], values),
  }))

const changing = (change: (one: Change) => Change | null): Plant =>
  pulling((page) => ({ ...page, changes: page.changes.flatMap((each) => change(each) ?? []) }))

const absenceAsDelete: Plant = calling((good) => {
  const known = new Set<string>()
  return {
    pull: async (resource, request, options): Promise<Page> => {
      const page = await good.pull(resource, request, options)
      const there = new Set(page.changes.map(({ id }) => id))
      const missing = request.mode === "delta" && !page.more ? [...known].filter((id) => !there.has(id)) : []
      for (const id of there) known.add(id)
      return { ...page, changes: [...page.changes, ...missing.map((id): Change => ({ kind: "delete", id, soft: false }))] }
    },
  }
})

export const lookupFaults: readonly PlantedFault[] = [
  {
    fault: "a lookup shows less of an item than a scan",
    check: "lookup-agrees-with-pull",
    in: "crm",
    plant: looking((answers) =>
      answers.map((one) => {
        if (!("found" in one) || one.found.kind !== "upsert") return one
        const { labels: _, ...item } = one.found.item
        return { found: { ...one.found, item } }
      }),
    ),
  },
  {
    fault: "a lookup answers only for what it found",
    check: "lookup-in-order",
    in: "crm",
    plant: looking((answers) => answers.filter((one) => "found" in one)),
  },
  {
    fault: "a lookup answers in an order of its own",
    check: "lookup-in-order",
    in: "email",
    plant: looking((answers) => [...answers.filter((one) => "found" in one), ...answers.filter((one) => "fault" in one)]),
  },
  {
    fault: "a lookup drops what is more than the system takes",
    check: "lookup-over-max",
    in: "crm",
    plant: calling((good) => ({
      lookup: async (resource, by, values, options) => (await good.lookup?.(resource, by, values.slice(0, 200), options)) ?? [],
    })),
  },
  {
    fault: "a lookup that fails says that nobody is there",
    check: "lookup-without-answer",
    in: "crm",
    plant: calling((good) => ({
      lookup: async (resource, by, values, options) => {
        try {
          return (await good.lookup?.(resource, by, values, options)) ?? []
        } catch {
          return values.map(() => ({ fault: { class: "notFound", message: "There is no such contact" } }))
        }
      },
    })),
  },
  {
    fault: "it leaves out tombstones",
    check: "delete-is-told",
    in: "crm",
    plant: changing((each) => (each.kind === "delete" ? null : each)),
  },
  {
    fault: "it says of archived members that they are gone for good",
    check: "delete-is-told",
    in: "email",
    plant: changing((each) => (each.kind === "delete" ? { ...each, soft: false } : each)),
  },
  {
    fault: "it shows archived members as if they were there",
    check: "deleted-is-not-there",
    in: "email",
    plant: changing((each) => (each.kind === "delete" ? { kind: "upsert", id: each.id, item: { id: each.id, status: "archived" } } : each)),
  },
  { fault: "what a delta does not name it tells as deleted", check: "no-delete-is-invented", in: "crm", plant: absenceAsDelete },
  {
    fault: "a member that was archived once stays so",
    check: "restore-is-an-upsert",
    in: "email",
    plant: calling((good) => {
      const dead = new Set<string>()
      return {
        pull: async (resource, request, options) => {
          const page = await good.pull(resource, request, options)
          for (const each of page.changes) if (each.kind === "delete") dead.add(each.id)
          return { ...page, changes: page.changes.filter((each) => each.kind === "delete" || request.mode === "snapshot") }
        },
      }
    }),
  },
  {
    fault: "the stable id is the one that changes",
    check: "new-id-is-the-same-item",
    in: "email",
    plant: changing((each) => ({ ...each, secondary: each.id })),
  },
]
