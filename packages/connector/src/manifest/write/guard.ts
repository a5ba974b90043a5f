// The guard readCompare: each item is looked up just before it is written, and what reads otherwise than when the write was
// worked out is left alone. Leaves operations that may go on, and outcomes of those that are settled already.
import type { CallOptions, LookupAnswer, Op, Outcome } from "../../contract.ts"
import { isObject, type Json, type JsonObject } from "../../json.ts"
import { equal } from "../../value/index.ts"
import { lookup } from "../read/lookup.ts"
import type { Present, Situation } from "./operation.ts"
import { appliedAsItWas, failed, faultOf } from "./outcome.ts"

export type Checked = { readonly op: Op; readonly present: Present | undefined } | { readonly outcome: Outcome }

export const checkPresent = async (situation: Situation, ops: readonly Op[], options: CallOptions): Promise<Checked[]> => {
  const { plan } = situation
  const known = new Map<string, Promise<LookupAnswer>>()
  const bySecondary = plan.lookups.some((each) => each.by === "secondary")
  const ways = { secondary: ops.filter((op) => bySecondary && op.secondary !== undefined), id: [] as Op[] }
  ways.id = ops.filter((op) => !ways.secondary.includes(op))
  for (const [by, asked] of Object.entries(ways)) {
    const max = plan.lookups.find((each) => each.by === by)?.max ?? 1
    for (let at = 0; at < asked.length; at += max) {
      const portion = asked.slice(at, at + max)
      const values = portion.map((op) => (by === "secondary" ? op.secondary : op.id) ?? "")
      const answers = lookup(situation.opened, plan, by, values, options)
      portion.forEach((op, index) =>
        known.set(
          op.ref,
          answers.then((each) => each[index] ?? NO_ANSWER),
        ),
      )
    }
  }
  return Promise.all(
    ops.map(async (op): Promise<Checked> => {
      const bySecondaryId = ways.secondary.includes(op)
      try {
        return judge(situation, op, (await known.get(op.ref)) ?? NO_ANSWER, bySecondaryId)
      } catch (error) {
        return { outcome: failed(op, faultOf(error)) }
      }
    }),
  )
}

const NO_ANSWER: LookupAnswer = { fault: { class: "transient", message: "The read before the write was not answered." } }

const judge = ({ plan }: Situation, op: Op, answer: LookupAnswer, bySecondary: boolean): Checked => {
  if ("fault" in answer) {
    const { fault } = answer
    const absent = fault.class === "notFound" || fault.class === "gone"
    // An id that can change, and finds nobody, may simply have changed.
    const forCertain = plan.id.stable || bySecondary || fault.class === "gone"
    if (op.kind === "delete" && absent && forCertain) return { outcome: appliedAsItWas(op, op.id ?? "", op.secondary) }
    return { outcome: failed(op, fault) }
  }
  const { found } = answer
  if (found.kind === "delete") {
    if (op.kind === "delete") return { outcome: appliedAsItWas(op, found.id, found.secondary ?? op.secondary) }
    const message = found.soft ? "The item was archived since it was read." : "The item was deleted since it was read."
    return { outcome: failed(op, { class: found.soft ? "conflict" : "gone", message }) }
  }
  const moved = op.seen === null ? [] : movedPaths(op.seen, found.item, editedBeside(plan))
  if (moved.length > 0)
    return { outcome: failed(op, { class: "conflict", message: `The item has changed since it was read: ${moved.join(", ")}.` }) }
  return { op, present: { id: found.id, item: found.item, ...(found.version === undefined ? {} : { version: found.version }) } }
}

/** Edges are written as differences, so that what others linked meanwhile stays: nothing to guard. */
const editedBeside = (plan: Situation["plan"]): ReadonlySet<string> =>
  new Set(plan.edges.filter((edge) => edge.inline !== "always").map((edge) => edge.field))

/** Paths of `seen` at which the item reads otherwise now. What `seen` does not name does not count. */
export const movedPaths = (seen: JsonObject, item: JsonObject, beside: ReadonlySet<string> = new Set(), prefix = ""): string[] =>
  Object.entries(seen).flatMap(([key, value]: [string, Json]) => {
    const path = `${prefix}${key}`
    const now = Object.hasOwn(item, key) ? item[key] : undefined
    if (isObject(value) && (isObject(now) || now == null)) return movedPaths(value, now ?? {}, beside, `${path}.`)
    return beside.has(path) || equal(value, now) ? [] : [path]
  })
