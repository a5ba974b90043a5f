// The wire to a fake system: pages, lookups and pushes, and everything that can go wrong on the way.
import type { Connector, Fault, LookupAnswer, Op, Outcome, Page, PullRequest } from "@syncline/connector"
import { FaultError } from "@syncline/connector"
import type { FakeSystem, Row } from "./fake-system.ts"

/** What becomes of one operation on its way: an answer, or none, with or without its effect. */
export type Fate = "answered" | "lost" | "dropped" | "late"

export interface Wire {
  /** Decides per operation; `late`: it arrives when `arrive` is called. */
  fate: (op: Op) => Fate
  /** Called before anything else of a call; a fault makes the whole call fail. */
  outage: (call: "pull" | "push" | "lookup") => Fault | null
  onPush: (ops: readonly Op[]) => void | Promise<void>
  onPage: (page: Page, request: PullRequest) => Page
  onAnswers: (answers: readonly LookupAnswer[]) => readonly LookupAnswer[]
  /** After a push took effect and before its answer is on its way. */
  afterPush: () => void
  readonly pushed: Op[]
  readonly arrive: () => void
}

interface Spot {
  readonly after: number
  readonly seq: number
}

export function connect(system: FakeSystem): { readonly connector: Connector; readonly wire: Wire } {
  const waiting: Op[] = []
  const wire: Wire = {
    fate: () => "answered",
    outage: () => null,
    onPush: () => undefined,
    onPage: (page) => page,
    onAnswers: (answers) => answers,
    afterPush: () => undefined,
    pushed: [],
    arrive: () => {
      for (const op of waiting.splice(0)) system.write(op)
    },
  }
  const gate = (call: "pull" | "push" | "lookup"): void => {
    const fault = wire.outage(call)
    if (fault !== null) throw new FaultError(fault)
  }
  const { traits } = system

  const pull = (request: PullRequest): Page => {
    const spot = spotOf(request.cursor)
    const order = (a: Row, b: Row): number => a.seq - b.seq
    if (request.mode === "delta") {
      const from = Math.max(0, spot.seq - traits.overlap)
      const rows = [...system.rows.values()].filter((row) => row.seq > from && (!row.deleted || traits.deletes !== "absence")).sort(order)
      return page(rows, spot.after, Math.max(from, spot.after), request.limit)
    }
    const started = spot.seq === 0 ? system.sequence : spot.seq
    return page(system.live().slice().sort(order), spot.after, started, request.limit)
  }
  // rows that changed since the scan began move to its end and are told (again) there, or by the next delta
  const page = (rows: readonly Row[], after: number, seq: number, limit: number): Page => {
    const rest = rows.filter((row) => row.seq > after)
    const now = rest.slice(0, limit)
    const more = rest.length > limit
    const last = now.at(-1)?.seq ?? after
    const end = traits.delta ? { after: 0, seq: Math.max(seq, last) } : null
    return {
      changes: now.map((row) => system.changeOf(row)),
      next: more ? { after: last, seq } : end,
      more,
      complete: true,
      ...(traits.deletes === "absence" ? { total: system.live().length } : {}),
    }
  }
  const find = (by: string, value: string): LookupAnswer => {
    const row = by === "secondary" ? system.rows.get(value) : by === "email" ? system.byEmail(value) : system.byId(value)
    if (row === undefined) return { fault: { class: "notFound", message: "no such item" } }
    if (row.deleted) return { fault: { class: traits.deletes === "absence" ? "notFound" : "gone", message: "it is deleted" } }
    const found = system.changeOf(row)
    if (found.kind !== "upsert") throw new Error("a live row is an upsert")
    return { found }
  }
  const send = (op: Op): Outcome => {
    const unknown: Outcome = { ref: op.ref, status: "unknown", fault: { class: "unknown", message: "no answer" } }
    switch (wire.fate(op)) {
      case "answered":
        return system.write(op)
      case "lost":
        system.write(op)
        return unknown
      case "dropped":
        return unknown
      case "late":
        waiting.push(op)
        return unknown
    }
  }

  const connector: Connector = {
    check: () => Promise.resolve(),
    pull: async (_, request) => {
      gate("pull")
      return wire.onPage(pull(request), request)
    },
    push: async (_, ops) => {
      gate("push")
      if (ops.length > traits.max) throw new Error(`${ops.length} operations in one call`)
      for (const op of ops) if ((op.id === null) !== (op.kind === "create")) throw new Error(`${op.kind} of ${op.id ?? "nothing"}`)
      await wire.onPush(ops)
      wire.pushed.push(...ops)
      const outcomes = ops.map(send)
      wire.afterPush()
      return outcomes
    },
    ...(traits.lookup
      ? {
          lookup: async (_: string, by: string, values: readonly string[]) => {
            gate("lookup")
            return wire.onAnswers(values.map((value) => find(by, value)))
          },
        }
      : {}),
  }
  return { connector, wire }
}

function spotOf(cursor: unknown): Spot {
  if (typeof cursor !== "object" || cursor === null) return { after: 0, seq: 0 }
  const { after, seq } = cursor as Partial<Spot>
  return { after: after ?? 0, seq: seq ?? 0 }
}
