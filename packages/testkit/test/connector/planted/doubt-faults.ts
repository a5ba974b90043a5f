// Faults in dealing with silence, refusals and limits.
import { FaultError, type Op, type Outcome } from "@syncline/connector"
import { answering, asking, calling, type Plant, type PlantedFault } from "./plant.ts"

const unknownAs = (say: (op: Op, outcome: Outcome) => Outcome): Plant =>
  answering((outcomes, ops) =>
    outcomes.map((outcome) => {
      const op = ops.find(({ ref }) => ref === outcome.ref)
      return outcome.status === "unknown" && op !== undefined ? say(op, outcome) : outcome
    }),
  )

export const doubtFaults: readonly PlantedFault[] = [
  {
    fault: "silence is taken for success",
    check: "no-answer-is-unknown",
    in: "crm",
    plant: unknownAs((op) => ({ ref: op.ref, status: "applied", id: op.id ?? "somebody" })),
  },
  {
    fault: "silence is taken for failure",
    check: "no-answer-is-unknown",
    in: "email",
    plant: unknownAs(({ ref }) => ({ ref, status: "failed", fault: { class: "transient", message: "No answer." } })),
  },
  {
    fault: "silence rejects the whole call",
    check: "no-answer-is-unknown",
    in: "crm",
    plant: answering((outcomes) => {
      const lost = outcomes.find((outcome) => outcome.status === "unknown")
      if (lost?.status === "unknown") throw new FaultError({ ...lost.fault, class: "transient" })
      return outcomes
    }),
  },
  {
    fault: "it sends a lost write again by itself",
    check: "no-answer-is-unknown",
    in: "crm",
    plant: calling((good) => ({
      push: async (resource, ops, options) => {
        const outcomes = await good.push(resource, ops, options)
        return outcomes.some(({ status }) => status === "unknown") ? good.push(resource, ops, options) : outcomes
      },
    })),
  },
  {
    fault: "a lost create gets a new key",
    check: "lost-create-is-not-doubled",
    in: "crm",
    plant: asking((op) => (op.kind === "create" ? { ...op, idempotencyKey: crypto.randomUUID(), set: { ...op.set, email: null } } : op)),
  },
  {
    fault: "a refused write is told as applied",
    check: "not-sent-is-not-applied",
    in: "crm",
    plant: calling((good) => ({
      push: async (resource, ops, options) => {
        try {
          return await good.push(resource, ops, options)
        } catch {
          return ops.map(({ ref, id }): Outcome => ({ ref, status: "applied", id: id ?? "somebody" }))
        }
      },
    })),
  },
  {
    fault: "it tries a refused write again by itself",
    check: "not-sent-is-not-applied",
    in: "email",
    plant: calling((good) => ({
      push: async (resource, ops, options) => {
        try {
          return await good.push(resource, ops, options)
        } catch {
          return good.push(resource, ops, options)
        }
      },
    })),
  },
  {
    fault: "it reads again by itself when a read fails",
    check: "no-retry-of-its-own",
    in: "crm",
    plant: calling((good) => ({
      pull: async (resource, request, options) => {
        try {
          return await good.pull(resource, request, options)
        } catch {
          return good.pull(resource, request, options)
        }
      },
    })),
  },
  {
    fault: "it forgets how long it was to wait",
    check: "429-says-how-long",
    in: "crm",
    plant: calling((good) => ({
      pull: async (resource, request, options) => {
        try {
          return await good.pull(resource, request, options)
        } catch (error) {
          if (!(error instanceof FaultError)) throw error
          const { retryAfterMs: _, ...fault } = error.fault
          throw new FaultError(fault)
        }
      },
    })),
  },
  {
    fault: "it takes a rate limit for a refusal",
    check: "429-without-a-word",
    in: "email",
    plant: calling((good) => ({
      pull: async (resource, request, options) => {
        try {
          return await good.pull(resource, request, options)
        } catch (error) {
          throw error instanceof FaultError && error.fault.class === "rateLimited"
            ? new FaultError({ ...error.fault, class: "forbidden" })
            : error
        }
      },
    })),
  },
  {
    fault: "a write that was refused for its rate is told as invalid",
    check: "429-of-a-write",
    in: "crm",
    plant: calling((good) => ({
      push: async (resource, ops, options) => {
        try {
          return await good.push(resource, ops, options)
        } catch (error) {
          if (!(error instanceof FaultError)) throw error
          const { fault } = error
          return ops.map(({ ref }): Outcome => ({ ref, status: "failed", fault: { ...fault, class: "invalid" } }))
        }
      },
    })),
  },
  {
    fault: "it asks past its client as often as it likes",
    check: "declared-limits-kept",
    in: "email",
    plant: calling((good, _context, config) => ({
      pull: async (resource, request, options) => {
        const [page] = await Promise.all([
          good.pull(resource, request, options),
          ...Array.from({ length: 5 }, () =>
            fetch(`${String(config["baseUrl"])}/lists/newsletter`, { headers: { "x-api-key": String(config["apiKey"]) } }),
          ),
        ])
        return page
      },
    })),
  },
  {
    fault: "a call cannot be given up",
    check: "cancelled-call-ends",
    in: "crm",
    plant: calling((good) => ({ pull: (resource, request) => good.pull(resource, request) })),
  },
]
