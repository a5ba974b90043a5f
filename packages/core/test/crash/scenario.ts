// What a scenario of the crash enumeration is, and the beginnings and blows that scenarios share.
import type * as Effect from "effect/Effect"
import type { Choice } from "../../src/model/review.ts"
import { type Engine, type PassOptions, runPass } from "../../src/run/index.ts"
import type { Traits } from "../fake-system/traits.ts"
import type { World, WorldSpec } from "../fake-system/world.ts"

export type Act = (engine: Engine) => Effect.Effect<unknown, unknown>

export interface Scenario {
  readonly title: string
  readonly spec: WorldSpec
  /** Leaves the world as the process finds it. The act: a pass, where nothing else is said. */
  readonly prepare: (world: World) => Promise<Act | void>
  /** What the next processes do: the same again, unless a pass completes what the act began. */
  readonly next?: "pass"
  /** What is promised less of, as `check` says: takes that out of an ending. */
  readonly blurred?: (ending: string) => string
  /** What a lost tail would make of it is not told: it would look like somebody's own edit. */
  readonly wholeTail?: boolean
  /** Of every pass, also after the end. */
  readonly options?: PassOptions
  /** The pipeline that is used once the world is prepared. */
  readonly remapped?: Partial<WorldSpec>
}

export const uidOf = (world: World, system: string, email: string): string => world.system(system).byEmail(email)?.uid ?? ""
export const edit = (world: World, system: string, who: string, patch: Parameters<World["systems"][string]["edit"]>[1]): void =>
  world.system(system).edit(uidOf(world, system, `${who}@x.com`), patch)
export const remove = (world: World, system: string, who: string): void => world.system(system).remove(uidOf(world, system, `${who}@x.com`))

/** Three people in step. */
export async function three(world: World): Promise<void> {
  for (const who of ["one", "two", "three"]) world.system("a").create({ email: `${who}@x.com`, name: who, phone: "1", tags: ["t"] })
  await world.run()
  world.wait()
}

export const two = (b: Partial<Traits> = {}, more: Partial<WorldSpec> = {}): WorldSpec => ({ systems: { a: {}, b }, ...more })

/** In step, and then something happens. */
export const after =
  (happens: (world: World) => void | Promise<void>) =>
  async (world: World): Promise<void> => {
    await three(world)
    await happens(world)
  }

/** The first operations that are sent meet this fate; `late` ones arrive when the world says so. */
export function fate(world: World, kind: "lost" | "dropped", count = 1): void {
  let left = count
  world.wire("b").fate = () => (left-- > 0 ? kind : "answered")
}

/** In step, asked about something, answered. */
export const answered =
  (happens: (world: World) => void, choice: Choice) =>
  async (world: World): Promise<void> => {
    await three(world)
    happens(world)
    world.wait()
    await world.run()
    const [review] = await world.reviews()
    if (review === undefined) throw new Error("nobody is asked anything")
    await world.decide({ reviewId: review.id, hash: review.hash, choice })
  }

export const bothPhones = (world: World): void => {
  edit(world, "a", "one", { phone: "2" })
  edit(world, "b", "one", { phone: "3" })
}

export const actOf = async (scenario: Scenario, world: World): Promise<Act> =>
  (await scenario.prepare(world)) ?? ((engine) => runPass(engine, scenario.options))
