// Faults in writing: too much, too little, twice, under the wrong name, or told otherwise than it was.
import { isObject, type Fault, type Json, type JsonObject, type Outcome } from "@syncline/connector"
import { answering, asking, calling, without, type Plant, type PlantedFault } from "./plant.ts"

const leaves = (value: Json, change: (leaf: Json) => Json): Json => {
  if (Array.isArray(value)) return value.map((each: Json) => leaves(each, change))
  if (!isObject(value)) return change(value)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, leaves(each, change)]))
}

const setOf = (set: JsonObject, change: (leaf: Json) => Json): JsonObject => {
  const changed = leaves(set, change)
  return isObject(changed) ? changed : {}
}

const withoutNulls = (set: JsonObject): JsonObject => Object.fromEntries(Object.entries(set).filter(([, value]) => value !== null))

const failing = (change: (fault: Fault) => Fault): Plant =>
  answering((outcomes) => outcomes.map((outcome) => (outcome.status === "failed" ? { ...outcome, fault: change(outcome.fault) } : outcome)))

export const writeFaults: readonly PlantedFault[] = [
  {
    fault: "a create tells our reference for the id",
    check: "create-is-usable",
    in: "crm",
    plant: answering((outcomes, ops) =>
      outcomes.map((outcome) =>
        outcome.status === "applied" && ops.some(({ ref, kind }) => ref === outcome.ref && kind === "create")
          ? { ...outcome, id: outcome.ref }
          : outcome,
      ),
    ),
  },
  {
    fault: "a create leaves out lists",
    check: "create-is-usable",
    in: "crm",
    plant: asking((op) =>
      op.kind === "create" ? { ...op, set: Object.fromEntries(Object.entries(op.set).filter(([, value]) => !Array.isArray(value))) } : op,
    ),
  },
  {
    fault: "it changes the operations that it is handed",
    check: "create-is-usable",
    in: "crm",
    plant: calling((good) => ({
      push: (resource, ops, options) => {
        for (const op of ops) Object.assign(op.set, { source: "syncline" })
        return good.push(resource, ops, options)
      },
    })),
  },
  {
    fault: "it acknowledges the version from before the write",
    check: "create-shows-in-time",
    in: "crm",
    plant: answering((outcomes) =>
      outcomes.map((outcome) =>
        outcome.status === "applied" && outcome.version !== undefined
          ? { ...outcome, version: String(Number(outcome.version) - 1) }
          : outcome,
      ),
    ),
  },
  {
    fault: "an update empties what it does not name",
    check: "unnamed-fields-untouched",
    in: "crm",
    plant: asking((op) => (op.kind === "update" ? { ...op, set: { phone: null, ...op.set } } : op)),
  },
  {
    fault: "an update replaces a nested object whole",
    check: "unnamed-fields-untouched",
    in: "email",
    plant: asking((op) => {
      const fields = op.set["merge_fields"]
      return op.kind === "update" && isObject(fields)
        ? { ...op, set: { ...op.set, merge_fields: { FNAME: "", LNAME: "", COMPANY: "", PHONE: "", ...fields } } }
        : op
    }),
  },
  {
    fault: "it answers with what it sent",
    check: "answer-is-the-item",
    in: "crm",
    plant: answering((outcomes, ops) =>
      outcomes.map((outcome) =>
        outcome.status === "applied" && outcome.item !== undefined
          ? { ...outcome, item: { ...ops.find(({ ref }) => ref === outcome.ref)?.set } }
          : outcome,
      ),
    ),
  },
  {
    fault: "it promises the item and does not give it",
    check: "answer-is-the-item",
    in: "crm",
    plant: answering((outcomes) =>
      outcomes.map((outcome) => {
        if (outcome.status !== "applied") return outcome
        const { item: _, ...rest } = outcome
        return rest
      }),
    ),
  },
  {
    fault: "it leaves out what is to be cleared",
    check: "unset-clears",
    in: "crm",
    plant: asking((op) => ({ ...op, set: withoutNulls(op.set) })),
  },
  {
    fault: "it writes the word null",
    check: "unset-clears",
    in: "crm",
    plant: asking((op) => ({ ...op, set: setOf(op.set, (leaf) => leaf ?? "null") })),
  },
  {
    fault: "the same values again are refused",
    check: "same-values-again",
    in: "crm",
    plant: calling((good) => {
      const last = new Map<string | null, string>()
      return {
        push: async (resource, ops, options) => {
          const repeated = ops.filter((op) => op.kind === "update" && last.get(op.id) === JSON.stringify(op.set))
          for (const op of ops) last.set(op.id, JSON.stringify(op.set))
          const rest = await good.push(
            resource,
            ops.filter((op) => !repeated.includes(op)),
            options,
          )
          return [
            ...rest,
            ...repeated.map(({ ref }): Outcome => ({ ref, status: "failed", fault: { class: "invalid", message: "Nothing to do." } })),
          ]
        },
      }
    }),
  },
  {
    fault: "it compares with the version that it saw first",
    check: "writes-follow-each-other",
    in: "crm",
    plant: asking((op) => (op.kind === "update" ? { ...op, version: "1" } : op)),
  },
  {
    fault: "it does not compare versions",
    check: "stale-base-is-a-conflict",
    in: "crm",
    plant: asking((op) => without(op, "version")),
  },
  {
    fault: "it compares nothing before it writes",
    check: "stale-base-is-a-conflict",
    in: "email",
    plant: asking((op) => ({ ...op, seen: null })),
  },
  {
    fault: "it calls a conflict an invalid value",
    check: "stale-base-is-a-conflict",
    in: "crm",
    plant: failing((fault) => (fault.class === "conflict" ? { ...fault, class: "invalid" } : fault)),
  },
  {
    fault: "a conflict is told as applied",
    check: "stale-base-is-a-conflict",
    in: "crm",
    plant: answering((outcomes, ops) =>
      outcomes.map((outcome) =>
        outcome.status === "failed" && outcome.fault.class === "conflict"
          ? { ref: outcome.ref, status: "applied", id: ops.find(({ ref }) => ref === outcome.ref)?.id ?? "" }
          : outcome,
      ),
    ),
  },
  {
    fault: "a second delete fails",
    check: "delete-deletes-once",
    in: "crm",
    plant: calling((good) => ({
      push: async (resource, ops, options) => {
        const gone = new Set<string>()
        for (const op of ops) {
          if (op.kind !== "delete") continue
          const [answer] = (await good.lookup?.(resource, "id", [op.id ?? ""])) ?? []
          if (answer !== undefined && "fault" in answer) gone.add(op.ref)
        }
        const outcomes = await good.push(resource, ops, options)
        return outcomes.map((outcome) =>
          gone.has(outcome.ref)
            ? { ref: outcome.ref, status: "failed", fault: { class: "notFound", message: "no such contact" } }
            : outcome,
        )
      },
    })),
  },
  {
    fault: "an update of nobody makes somebody",
    check: "update-of-nobody",
    in: "crm",
    plant: calling((good) => ({
      push: async (resource, ops, options) => {
        const outcomes = await good.push(resource, ops, options)
        return Promise.all(
          outcomes.map(async (outcome) => {
            const op = ops.find(({ ref }) => ref === outcome.ref)
            if (
              op?.kind !== "update" ||
              outcome.status !== "failed" ||
              (outcome.fault.class !== "gone" && outcome.fault.class !== "notFound")
            )
              return outcome
            const { version: _, ...rest } = op
            const [made] = await good.push(resource, [{ ...rest, kind: "create", id: null }], options)
            return made ?? outcome
          }),
        )
      },
    })),
  },
]
