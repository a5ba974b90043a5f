// The store as it is once the world is quiet, in one value: what the oracles of that moment judge by.
import {
  type Binding,
  type JournalRow,
  type Loaded,
  type Quarantined,
  readSchema,
  type RecordRow,
  type Review,
  schemaName,
} from "@syncline/core"
import type { World } from "../world.ts"

export interface Scene {
  readonly world: World
  readonly records: readonly RecordRow[]
  readonly loaded: Loaded
  readonly reviews: readonly Review[]
  readonly closed: readonly Review[]
  readonly quarantine: readonly Quarantined[]
  readonly journal: readonly JournalRow[]
  /** Fields that a system no longer has, or not as they were: binding and field. */
  readonly withheld: ReadonlySet<string>
}

/** More rows than a story leaves behind. */
export const MOST = 100_000

export async function sceneOf(world: World): Promise<Scene> {
  const { store } = world
  const journal = await world.ask(store.journal({ limit: MOST }))
  const ids = [...new Set(journal.flatMap((row) => (row.recordId === null ? [] : [row.recordId])))]
  const loaded = await world.ask(store.loadRecords(ids))
  return {
    world,
    records: loaded.records,
    loaded,
    reviews: await world.ask(store.reviews({ status: "open", limit: MOST })),
    closed: await world.ask(store.reviews({ status: "closed", limit: MOST })),
    quarantine: await world.ask(store.quarantined({ limit: MOST })),
    journal,
    withheld: await withheldFields(world),
  }
}

async function withheldFields(world: World): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const entity of world.pipeline.entities)
    for (const { key } of entity.bindings) {
      const state = readSchema(await world.ask(world.store.systemState(schemaName(entity.name, key))))
      for (const field of (state?.holds ?? []).flatMap((hold) => hold.fields)) found.add(`${key}/${field}`)
    }
  return found
}

export const bindingsOf = (scene: Scene): readonly Binding[] => scene.world.pipeline.entities.flatMap((entity) => entity.bindings)
