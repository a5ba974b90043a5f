// Automations of the systems: whenever we write a field there, one puts its own value back, a while later and without a human.
import type { Effect } from "./row.ts"
import { presentOf } from "./row.ts"
import type { World } from "./world.ts"

export interface Automation {
  readonly system: string
  readonly field: string
  readonly value: string
  readonly afterMs: number
}

/** A write of ours took effect: what automations make of it. */
export function automate(world: World, { op, row }: Effect): void {
  for (const { system: name, field, value, afterMs } of world.twists.automations ?? []) {
    if (!row.uid.startsWith(name) || !(field in op.set)) continue
    world.time.at(world.time.now + afterMs, () => {
      const before = presentOf(row)
      if (before.state !== "live" || before.item[field] === value) return
      if (!world.system(name).edit(row, { [field]: value })) return
      world.knowledge.automated(row, name, field, { before: before.item[field] ?? null, value })
      world.note(`${name}: an automation puts ${field} of ${row.uid} back to ${value}`)
    })
  }
}
