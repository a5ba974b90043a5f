// The store as it was some passes ago is put back, marked as a restore marks it. What is known of the store is wound back with
// it; what is known of the systems stays, and what the old store had written down is kept beside, as its file is.
import * as Effect from "effect/Effect"
import { type Erasure, markOf, RESTORED, type Store } from "@syncline/core"
import type { Effect as Written } from "../row.ts"
import { plain } from "../words.ts"
import type { World } from "../world.ts"

interface Backup {
  readonly store: Store
  readonly windBack: () => void
  readonly effects: number
  readonly intents: ReadonlySet<string>
  readonly at: number
}

const MOST = 100_000

export class Restorer {
  private readonly world: World
  private backup: Backup | null = null

  constructor(world: World) {
    this.world = world
  }

  async keep(): Promise<void> {
    const { world } = this
    const store = await world.ask(world.store.fork())
    const intents = new Set(world.knowledge.intents.keys())
    this.backup = { store, windBack: world.remember(), effects: world.effects.length, intents, at: world.time.now }
    world.note("ann keeps a backup")
  }
  async restore(): Promise<void> {
    const { world, backup } = this
    if (backup === null) return
    const { reviews, journal } = world.past
    journal.push(...(await world.ask(world.store.journal({ limit: MOST }))))
    reviews.push(...(await world.ask(world.store.reviews({ limit: MOST }))))
    for (const effect of world.effects.slice(backup.effects)) {
      world.lost.add(effect)
      this.takesForEdit(effect)
    }
    // what is still on its way arrives at nobody who knows of it
    for (const id of world.knowledge.intents.keys()) if (!backup.intents.has(id)) world.strays.add(id)
    await world.ask(world.store.close())
    // the same backup may be put back once more
    const store = await world.ask(backup.store.fork())
    backup.windBack()
    world.deaths.putBack(backup.at, world.knowledge, world.systems.values())
    await world.ask(this.marked(store))
    world.store = store
    world.flips.calm()
    world.flips.begin(null)
    world.restoredAt = world.time.now
    world.readInFull.clear()
    world.note("ann puts the backup back")
    // a restore takes over who was forgotten since
    const since = world.erasures
      .filter((each) => each.at >= backup.at)
      .map(({ erasure, at: when }) => ({ erasure: this.withThoseThere(erasure), at: when }))
    for (const { erasure, at } of since) await this.erase(store, erasure, at)
    const all = since.map(({ erasure }) => erasure)
    const [first] = all
    if (first === undefined) return
    const together = {
      ...first,
      recordIds: all.flatMap((each) => each.recordIds),
      alike: all.flatMap((each) => each.alike),
      keys: all.flatMap((each) => each.keys),
    }
    await world.erasing.erased(world, together, [])
  }

  /**
   * What an undo put back is somebody's edit to a store that knows of no undo: whoever asked for it put it in the place of what
   * had been read there. What had not been read yet nobody meant to replace.
   */
  private takesForEdit({ kind, row, op, before, sentAt }: Written): void {
    const { knowledge } = this.world
    const intent = knowledge.intents.get(op.ref)
    if (kind !== "update" || before === null || intent?.undoes === undefined) return
    const system = row.uid.replace(/\d+$/, "")
    for (const field of Object.keys(op.set)) {
      const value = before.item[field] ?? null
      const told = knowledge.toldAt(system, row, field, value)
      if (told === null || told > sentAt) continue
      for (const each of Array.isArray(value) ? value : [value]) knowledge.replace(field, plain(each))
    }
  }
  /** Whoever has a key there that was forgotten, an earlier life of the same person for one, goes as well. */
  private withThoseThere(erasure: Erasure): Erasure {
    const { records } = this.world.knowledge
    const there = [...records.values()].filter(({ fields }) => erasure.alike.includes(plain(fields["email"])))
    return { ...erasure, recordIds: [...new Set([...erasure.recordIds, ...there.map(({ id }) => id)])] }
  }
  private marked(store: Store): Effect.Effect<void, unknown> {
    const { now } = this.world.time
    return Effect.gen(function* () {
      const lease = yield* store.acquire("a restore", now, 60_000)
      yield* store.putSystemState(lease, RESTORED, markOf({ at: now, how: "backup" }))
      yield* store.release(lease)
    })
  }
  private async erase(store: Store, erasure: Erasure, at: number): Promise<void> {
    const { world } = this
    const lease = await world.ask(store.acquire("a restore", world.time.now, 60_000))
    await world.ask(store.forget(lease, { ...erasure, keys: [...erasure.keys, ...world.erasing.names], at }))
    await world.ask(store.release(lease))
  }
}
