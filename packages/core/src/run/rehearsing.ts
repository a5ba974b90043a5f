// A connector for a rehearsal: reads for real, writes into a memory of its own, and reads back from there what it wrote.
// A write whose unique key is somebody's already is answered as the system would: a duplicate, or an upsert onto that item.
import type { Change, Connector, LookupAnswer, Op, Outcome, ResourceSpec } from "@syncline/connector"
import { normaliseItem } from "../deliver/normalised.ts"
import { PLANNED_ID } from "../deliver/only-planned.ts"
import { overlay } from "../model/path.ts"
import { type Holder, uniqueValues } from "./taken-keys.ts"

const at = (resource: string, by: string, value: string): string => `${resource}\n${by}\n${value}`

/** Pushes are answered with what the system would hold afterwards. `known`: the items of a resource, as far as we know them. */
export function rehearsing(
  connector: Connector,
  specs: ReadonlyMap<string, ResourceSpec>,
  known: (resource: string) => Promise<readonly Holder[]>,
): Connector {
  let made = 0
  const written = new Map<string, LookupAnswer>()
  const holders = new Map<string, Promise<Map<string, Holder[]>>>()

  const index = async (resource: string, spec: ResourceSpec): Promise<Map<string, Holder[]>> => {
    const byValue = new Map<string, Holder[]>()
    for (const holder of await known(resource)) for (const value of uniqueValues(spec, holder.item)) hold(byValue, value, holder)
    return byValue
  }

  /** Whoever has a unique value of this write, by now. */
  const taken = async (resource: string, spec: ResourceSpec, op: Op): Promise<Holder | undefined> => {
    const wanted = op.kind === "delete" ? [] : uniqueValues(spec, op.set)
    if (wanted.length === 0) return undefined
    let byValue = holders.get(resource)
    if (byValue === undefined) holders.set(resource, (byValue = index(resource, spec)))
    for (const value of wanted) {
      for (const holder of (await byValue).get(value) ?? []) {
        if (holder.id === op.id || (op.secondary !== undefined && holder.secondary === op.secondary)) continue
        const answer = written.get(at(resource, "id", holder.id))
        if (answer === undefined) return holder
        if ("found" in answer && answer.found.kind === "upsert" && uniqueValues(spec, answer.found.item).includes(value))
          return answer.found
      }
    }
    return undefined
  }

  const write = async (resource: string, op: Op): Promise<Outcome> => {
    const spec = specs.get(resource)
    const holder = spec === undefined ? undefined : await taken(resource, spec, op)
    const upsert = op.kind === "create" && spec?.write.create?.idempotent === "naturalKey"
    if (holder !== undefined && !upsert)
      return { ref: op.ref, status: "failed", fault: { class: "duplicate", message: "another item has this key", existingId: holder.id } }
    const id = op.id ?? holder?.id ?? `${PLANNED_ID}${++made}`
    const stable = op.secondary ?? holder?.secondary
    const mark = op.version ?? holder?.version
    const version = mark === undefined ? {} : { version: mark }
    const secondary = stable === undefined ? {} : { secondary: stable }
    const composed = overlay(op.seen ?? holder?.item ?? {}, op.set)
    const item = spec === undefined ? composed : normaliseItem(spec, composed)
    const found: Extract<Change, { kind: "upsert" }> = { kind: "upsert", id, item, ...version, ...secondary }
    const answer: LookupAnswer = op.kind === "delete" ? { fault: { class: "gone", message: "deleted in this rehearsal" } } : { found }
    written.set(at(resource, "id", id), answer)
    if (stable !== undefined) written.set(at(resource, "secondary", stable), answer)
    const byValue = await holders.get(resource)
    if (spec !== undefined && byValue !== undefined && op.kind !== "delete")
      for (const value of uniqueValues(spec, item)) hold(byValue, value, found)
    return { ref: op.ref, status: "applied", id, item, ...version, ...secondary }
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
    push: async (resource, ops) => {
      const outcomes: Outcome[] = []
      for (const op of ops) outcomes.push(await write(resource, op))
      return outcomes
    },
    ...(connector.lookup === undefined ? {} : { lookup }),
  }
}

const hold = (byValue: Map<string, Holder[]>, value: string, holder: Holder): void => {
  byValue.set(value, [...(byValue.get(value) ?? []), holder])
}
