// I6, the part about guards: no run deletes more than the pipeline lets it, unless somebody allowed it.
import type { Effect } from "../system.ts"
import type { World } from "../world.ts"

export class GuardCount {
  private readonly deletes = new Map<string, Set<string>>()

  /** A delete took effect: why it is one too many; null: it is not. */
  beyond(world: World, { op, row }: Effect): string | null {
    const intent = world.knowledge.intents.get(op.ref)
    if (intent === undefined || world.calm || world.extras.tightGuards !== true) return null
    // whoever has somebody forgotten everywhere allows what that takes
    if (world.erasing.isUnwanted(row, intent.recordId)) return null
    const key = `${intent.run} ${intent.binding}`
    const own = this.deletes.get(key) ?? new Set<string>()
    this.deletes.set(key, own.add(op.ref))
    const { guards } = world.pipeline
    const most = guards.delete?.max ?? Number.POSITIVE_INFINITY
    return own.size > most ? `${intent.run} deletes ${own.size} items in ${intent.binding}, and the guard lets it delete ${most}` : null
  }
}
