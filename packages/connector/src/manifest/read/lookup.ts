// Single items by id, by the stable id or by a key: one request per value, or many values in one. One answer per value, in order.
import type { CallOptions, LookupAnswer } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import { isObject, type Json } from "../../json.ts"
import { enrich } from "../edge/enrich.ts"
import { below, parentIn, parentNamed, splitId } from "../parent-id.ts"
import { listOf, resOf, send } from "../request/send.ts"
import type { Answer, Lookup, LookupSpec, Opened, ResourcePlan, Scope } from "../spec/index.ts"
import { changeOf, idOf } from "./record.ts"

type Found = Extract<LookupAnswer, { readonly found: unknown }>["found"]

export const lookup: Lookup = async (opened, plan, by, values, options = {}) => {
  const spec = plan.lookups.find((each) => each.by === by)
  if (spec === undefined) throw new FaultError({ class: "invalid", message: `"${plan.name}" cannot be looked up by ${by}.` })
  const answers =
    spec.max === 1
      ? await Promise.all(values.map((value) => one(opened, plan, spec, value, options)))
      : await many(opened, plan, spec, values, options)
  return withEdges(opened, plan, answers, options)
}

const ABSENT: LookupAnswer = { fault: { class: "notFound", message: "The system has no such item." } }

async function one(opened: Opened, plan: ResourcePlan, spec: LookupSpec, asked: string, options: CallOptions): Promise<LookupAnswer> {
  const { parent, own: value } = spec.by === "id" ? splitId(plan, asked) : { parent: null, own: asked }
  const names: Scope = { value, values: [value], paths: plan.paths, ...(parent === null ? {} : { parent: { id: parent } }) }
  let answer: Answer
  try {
    answer = await send(opened, spec.request, names, options)
  } catch (error) {
    if (error instanceof FaultError && speaksOfTheItem(error)) return { fault: error.fault }
    throw error
  }
  const scope: Scope = { ...names, config: opened.config, res: resOf(answer) }
  const found = foundBy(spec, scope, plan, answer)
  // What was asked for by id is what came, whatever it calls itself: an item that was merged answers under its new id.
  const alone = spec.by === "id" && isObject(spec.records.run(scope)) ? found.values().next().value : undefined
  return found.get(comparable(spec, value)) ?? alone ?? ABSENT
}

/** Faults of the item that was asked for; everything else is the call's. */
const speaksOfTheItem = ({ fault }: FaultError): boolean =>
  fault.class === "notFound" || fault.class === "gone" || fault.class === "forbidden"

async function many(
  opened: Opened,
  plan: ResourcePlan,
  spec: LookupSpec,
  values: readonly string[],
  options: CallOptions,
): Promise<LookupAnswer[]> {
  const found = new Map<string, LookupAnswer>()
  await Promise.all(
    portionsOf(plan, spec, values).map(async ({ parent, part }) => {
      const names: Scope = {
        value: part[0] ?? null,
        values: part,
        paths: plan.paths,
        ...(parent === null ? {} : { parent: { id: parent } }),
      }
      try {
        const answer = await send(opened, spec.request, names, options)
        for (const [key, each] of foundBy(spec, { ...names, config: opened.config, res: resOf(answer) }, plan, answer)) found.set(key, each)
      } catch (error) {
        // Nobody of them is there: some systems say so of the whole request.
        if (!(error instanceof FaultError) || error.fault.class !== "notFound") throw error
      }
    }),
  )
  return values.map((value) => found.get(comparable(spec, value)) ?? ABSENT)
}

/** Values that go into one request: as many as it holds, and of one parent. */
function portionsOf(
  plan: ResourcePlan,
  spec: LookupSpec,
  values: readonly string[],
): readonly { readonly parent: string | null; readonly part: string[] }[] {
  const portions: { parent: string | null; part: string[] }[] = []
  for (const value of new Set(values)) {
    const { parent, own } = spec.by === "id" ? splitId(plan, value) : { parent: null, own: value }
    const room = portions.findLast((portion) => portion.parent === parent)
    if (room !== undefined && room.part.length < spec.max) room.part.push(own)
    else portions.push({ parent, part: [own] })
  }
  return portions
}

const comparable = (spec: LookupSpec, value: string): string => (spec.fold ? value.trim().toLowerCase() : value)

function foundBy(spec: LookupSpec, page: Scope, plan: ResourcePlan, answer: Answer): ReadonlyMap<string, LookupAnswer> {
  const found = new Map<string, LookupAnswer>()
  const scope: Record<string, Json | undefined> = { ...page }
  const records = listOf(spec.records.run(page))
  const header = plan.version.header === null || records.length > 1 ? undefined : answer.headers[plan.version.header]
  for (const rec of records) {
    if (!isObject(rec)) continue
    scope["rec"] = rec
    const read = changeOf(spec.record, scope)
    const parent = plan.parent === null ? null : (parentNamed(page) ?? (read.kind === "upsert" ? parentIn(plan, read.item) : null))
    const change = below(parent, read)
    if (change.kind !== "upsert" && change.kind !== "delete") continue
    const seen: Found = header === undefined || change.version !== undefined ? change : { ...change, version: header }
    const own = plan.parent !== null && spec.by === "id" ? change.id : spec.key.run(scope)
    const keys = (Array.isArray(own) ? own : [own]).map((key: Json) => idOf(key)).filter((key) => key !== null)
    // Of several with one key the first stands, as the system orders them.
    for (const name of keys.length === 0 ? [change.id] : keys.map((key) => comparable(spec, key)))
      if (!found.has(name)) found.set(name, { found: seen })
  }
  return found
}

async function withEdges(opened: Opened, plan: ResourcePlan, answers: LookupAnswer[], options: CallOptions): Promise<LookupAnswer[]> {
  const there = answers.flatMap((answer) => ("found" in answer ? [answer.found] : []))
  if (plan.edges.every((edge) => edge.read === null) || there.length === 0) return answers
  const enriched = new Map((await enrich(opened, plan, there, options)).map((change) => [change.id, change]))
  return answers.map((answer) => {
    const better = "found" in answer ? enriched.get(answer.found.id) : undefined
    return better === undefined || (better.kind !== "upsert" && better.kind !== "delete") ? answer : { found: better }
  })
}
