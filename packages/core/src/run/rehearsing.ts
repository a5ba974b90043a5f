// A connector for a rehearsal: reads for real, writes into a memory of its own, and reads back from there what it wrote.
import type { Change, Connector, LookupAnswer, Op, Outcome, ResourceSpec } from "@syncline/connector"
import { normaliseItem } from "../deliver/normalised.ts"
import { overlay } from "../model/path.ts"

const at = (resource: string, by: string, value: string): string => `${resource}\n${by}\n${value}`

/** Pushes are answered with what the system would hold afterwards. */
export function rehearsing(connector: Connector, specs: ReadonlyMap<string, ResourceSpec>): Connector {
  let made = 0
  const written = new Map<string, LookupAnswer>()

  const write = (resource: string, op: Op): Outcome => {
    const id = op.id ?? `planned-${++made}`
    const version = op.version === undefined ? {} : { version: op.version }
    const secondary = op.secondary === undefined ? {} : { secondary: op.secondary }
    const spec = specs.get(resource)
    const composed = overlay(op.seen ?? {}, op.set)
    const item = spec === undefined ? composed : normaliseItem(spec, composed)
    const found: Extract<Change, { kind: "upsert" }> = { kind: "upsert", id, item, ...version, ...secondary }
    const answer: LookupAnswer = op.kind === "delete" ? { fault: { class: "gone", message: "deleted in this rehearsal" } } : { found }
    written.set(at(resource, "id", id), answer)
    if (op.secondary !== undefined) written.set(at(resource, "secondary", op.secondary), answer)
    return { ref: op.ref, status: "applied", id, item, ...version }
  }

  const lookup: Connector["lookup"] = async (resource, by, values, options) => {
    const own = values.map((value) => written.get(at(resource, by, value)))
    const asked = values.filter((_, index) => own[index] === undefined)
    const answers = asked.length === 0 ? [] : ((await connector.lookup?.(resource, by, asked, options)) ?? [])
    let next = 0
    return own.map((answer) => answer ?? answers[next++] ?? { fault: { class: "unknown", message: "no answer to a lookup" } })
  }

  return {
    check: (options) => connector.check(options),
    pull: (resource, request, options) => connector.pull(resource, request, options),
    push: (resource, ops) => Promise.resolve(ops.map((op) => write(resource, op))),
    ...(connector.lookup === undefined ? {} : { lookup }),
  }
}
