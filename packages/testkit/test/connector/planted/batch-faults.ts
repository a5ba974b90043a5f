// Faults in dealing with several operations, with keys, and with what the system does to values.
import { isObject, type Fault, type Json, type JsonObject, type Op, type Outcome } from "@syncline/connector"
import { answering, asking, calling, saying, sending, without, type Plant, type PlantedFault } from "./plant.ts"

const leaves = (value: Json, change: (leaf: Json) => Json): Json => {
  if (Array.isArray(value)) return value.map((each: Json) => leaves(each, change))
  if (!isObject(value)) return change(value)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, leaves(each, change)]))
}

const setOf = (set: JsonObject, change: (leaf: Json) => Json): JsonObject => {
  const changed = leaves(set, change)
  return isObject(changed) ? changed : {}
}

const failing = (change: (fault: Fault) => Fault): Plant =>
  answering((outcomes) => outcomes.map((outcome) => (outcome.status === "failed" ? { ...outcome, fault: change(outcome.fault) } : outcome)))

const unknownAs = (say: (op: Op, outcome: Outcome) => Outcome): Plant =>
  answering((outcomes, ops) =>
    outcomes.map((outcome) => {
      const op = ops.find(({ ref }) => ref === outcome.ref)
      return outcome.status === "unknown" && op !== undefined ? say(op, outcome) : outcome
    }),
  )

const batch = (body: Json | undefined): readonly Json[] => {
  const operations = isObject(body) ? body["operations"] : undefined
  return Array.isArray(operations) ? operations : []
}

const results = (body: Json): readonly Json[] | null => {
  const list = isObject(body) ? body["results"] : undefined
  return Array.isArray(list) ? list : null
}

export const batchFaults: readonly PlantedFault[] = [
  {
    fault: "it sends the first fifty of a batch and acknowledges the rest",
    check: "as-many-as-declared",
    in: "crm",
    plant: calling((good) => ({
      push: async (resource, ops, options) => [
        ...(await good.push(resource, ops.slice(0, 50), options)),
        ...ops.slice(50).map(({ ref }): Outcome => ({ ref, status: "applied", id: `ct_${ref}` })),
      ],
    })),
  },
  {
    fault: "an operation of a large batch has no outcome",
    check: "as-many-as-declared",
    in: "crm",
    plant: answering((outcomes) => (outcomes.length > 10 ? outcomes.slice(1) : outcomes)),
  },
  {
    fault: "texts of digits become numbers on their way",
    check: "texts-come-back",
    in: "crm",
    plant: asking((op) => ({
      ...op,
      set: setOf(op.set, (leaf) => (typeof leaf === "string" && /^\d+$/.test(leaf) ? String(Number(leaf)) : leaf)),
    })),
  },
  {
    fault: "it writes texts in the Latin alphabet only",
    check: "texts-come-back",
    in: "email",
    plant: asking((op) => ({
      ...op,
      set: setOf(op.set, (leaf) => (typeof leaf === "string" ? Buffer.from(leaf, "latin1").toString("latin1") : leaf)),
    })),
  },
  {
    fault: "it cuts long texts, and does not declare it",
    check: "texts-come-back",
    in: "email",
    plant: asking((op) => ({ ...op, set: setOf(op.set, (leaf) => (typeof leaf === "string" ? leaf.slice(0, 100) : leaf)) })),
  },
  {
    fault: "it composes accents, and does not declare it",
    check: "texts-come-back",
    in: "crm",
    plant: asking((op) => ({ ...op, set: setOf(op.set, (leaf) => (typeof leaf === "string" ? leaf.normalize("NFC") : leaf)) })),
  },
  {
    fault: "it blames the neighbour of a bad item",
    check: "mixed-batch-blames-right",
    in: "crm",
    plant: answering((outcomes, ops) => {
      const bad = outcomes.findIndex(({ status }) => status === "failed")
      if (bad < 0 || outcomes.length < 2) return outcomes
      const other = (bad + 1) % outcomes.length
      const name = (index: number): string => outcomes[index]?.ref ?? ops[index]?.ref ?? ""
      return outcomes.map((outcome, index) =>
        index === bad ? { ...outcome, ref: name(other) } : index === other ? { ...outcome, ref: name(bad) } : outcome,
      )
    }),
  },
  {
    fault: "one bad item fails the whole batch",
    check: "mixed-batch-blames-right",
    in: "email",
    plant: answering((outcomes) => {
      const bad = outcomes.find((outcome) => outcome.status === "failed")
      return bad?.status === "failed" ? outcomes.map(({ ref }) => ({ ref, status: "failed", fault: bad.fault })) : outcomes
    }),
  },
  {
    fault: "it gives results to operations by their order",
    check: "shuffled-results-map-right",
    in: "crm",
    plant: sending(async (request, send) => {
      const answer = await send(request)
      const list = results(answer.body)
      const operations = batch(request.json)
      if (list === null || operations.length === 0 || !isObject(answer.body)) return answer
      const ref = (index: number): Json => {
        const operation = operations[index]
        return (isObject(operation) ? operation["ref"] : null) ?? null
      }
      // Also the id: it looks at nothing but the place.
      return {
        ...answer,
        body: { ...answer.body, results: list.map((each, index) => (isObject(each) ? { ...each, ref: ref(index) } : each)) },
      }
    }),
  },
  {
    fault: "what the answer does not mention is taken for done",
    check: "missing-results-are-unknown",
    in: "email",
    plant: unknownAs((op) => ({ ref: op.ref, status: "applied", id: op.id ?? "somebody" })),
  },
  {
    fault: "what the answer does not mention is taken for failed",
    check: "missing-results-are-unknown",
    in: "crm",
    plant: unknownAs(({ ref }) => ({ ref, status: "failed", fault: { class: "invalid", message: "The CRM says nothing of it." } })),
  },
  {
    fault: "a duplicate does not say of whom",
    check: "duplicate-names-the-holder",
    in: "email",
    plant: failing((fault) => without(fault, "existingId")),
  },
  {
    fault: "a create takes over whoever has the address",
    check: "duplicate-names-the-holder",
    in: "email",
    plant: sending((request, send) =>
      send(
        isObject(request.json) && "update_existing" in request.json
          ? { ...request, json: { ...request.json, update_existing: true } }
          : request,
      ),
    ),
  },
  {
    fault: "it makes up a new key for every try",
    check: "same-key-once",
    in: "crm",
    plant: asking((op) =>
      op.kind === "create"
        ? { ...op, idempotencyKey: crypto.randomUUID(), set: { ...op.set, email: `${crypto.randomUUID()}@example.com` } }
        : op,
    ),
  },
  {
    fault: "it remembers only in memory what it has sent",
    check: "same-key-once",
    in: "crm",
    plant: calling((good) => {
      const sent = new Map<string, Outcome>()
      return {
        push: async (resource, ops, options) => {
          const fresh = ops.filter((op) => !sent.has(op.idempotencyKey))
          const renamed = fresh.map((op) =>
            op.kind === "create" ? { ...op, idempotencyKey: crypto.randomUUID(), set: { ...op.set, email: null } } : op,
          )
          const outcomes = await good.push(resource, renamed, options)
          for (const [index, op] of fresh.entries()) {
            const outcome = outcomes[index]
            if (outcome !== undefined) sent.set(op.idempotencyKey, outcome)
          }
          return ops.flatMap((op) => sent.get(op.idempotencyKey) ?? [])
        },
      }
    }),
  },
  {
    fault: "it declares to lower-case what the platform leaves as it is",
    check: "normalises-as-declared",
    in: "email",
    plant: saying((spec) => ({ ...spec, normalises: { ...spec.normalises, "merge_fields.FNAME": ["trim", "lower"] } })),
  },
  {
    fault: "it does not declare that names are trimmed",
    check: "texts-come-back",
    in: "email",
    plant: saying((spec) => ({ ...spec, normalises: { email_address: ["trim", "lower"] } })),
  },
]
