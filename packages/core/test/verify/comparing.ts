// A world that is in step, and what may go wrong in it behind everybody's back: in a system without a trace, or in the store.
import * as Effect from "effect/Effect"
import type { Json, JsonObject } from "@syncline/connector"
import type { Changes } from "../../src/model/changes.ts"
import { NO_CHANGES } from "../../src/model/changes.ts"
import type { Link } from "../../src/model/link.ts"
import { repairAll, verifyAll } from "../../src/run/index.ts"
import type { VerifyReport } from "../../src/verify/difference.ts"
import type { Repaired } from "../../src/run/index.ts"
import type { World } from "../fake-system/world.ts"

export const PEOPLE = ["ada", "bob", "cleo", "dan", "eve", "fay"]
export const addressOf = (name: string): string => `${name}@x.com`

/** Everybody is in every system. */
export async function inStep(world: World): Promise<void> {
  const [first] = Object.values(world.systems)
  for (const [n, name] of PEOPLE.entries())
    first?.create({ email: addressOf(name), name, phone: `+1${n}`, status: "new", note: `about ${name}`, tags: ["t"], score: n })
  await world.run()
  await world.run({ full: true })
}

export const verify = (world: World): Promise<VerifyReport> => world.effect(verifyAll({ ...world.engine, store: world.store }))

export function repair(world: World): Promise<Repaired> {
  world.wait(1_000)
  return world.effect(repairAll({ ...world.engine, store: world.store }))
}

/** As `cause binding label.field`, in order. */
export const told = (report: VerifyReport): readonly string[] =>
  report.differences
    .map((each) => `${each.cause} ${each.binding} ${each.label.split("@")[0] ?? ""}${each.field === null ? "" : `.${each.field}`}`)
    .toSorted()

/** Other values, and neither a new revision nor a new time. */
export function corrupt(world: World, system: string, name: string, patch: JsonObject): void {
  const row = world.system(system).byEmail(addressOf(name))
  if (row === undefined) throw new Error(`${system} has no ${name}`)
  row.item = { ...row.item, ...patch }
}

export async function linkOf(world: World, system: string, name: string): Promise<Link> {
  const records = (await world.records()).filter((record) => record.fields["email"] === addressOf(name))
  const link = (await world.links()).find((each) => each.recordId === records[0]?.id && each.binding.startsWith(`${system}.`))
  if (link === undefined) throw new Error(`no link of ${name} in ${system}`)
  return link
}

export const commit = (world: World, changes: Partial<Changes>): Promise<void> =>
  world.effect(
    // the lease of a person with a database tool in hand
    effectOfCommit(world, changes),
  )

export async function corruptRecord(world: World, name: string, field: string, value: Json): Promise<void> {
  const record = (await world.records()).find((each) => each.fields["email"] === addressOf(name))
  if (record === undefined) throw new Error(`no record of ${name}`)
  await commit(world, { records: [{ ...record, fields: { ...record.fields, [field]: value } }] })
}

export async function corruptSeen(world: World, system: string, name: string, patch: JsonObject): Promise<void> {
  const link = await linkOf(world, system, name)
  await commit(world, { links: [{ ...link, seen: { ...link.seen, ...patch } }] })
}

const effectOfCommit = (world: World, changes: Partial<Changes>) =>
  Effect.gen(function* () {
    const lease = yield* world.store.acquire("tool", world.time, 1_000)
    yield* world.store.commit(lease, { ...NO_CHANGES, ...changes })
    yield* world.store.release(lease)
  })
