// What is only asked, and must leave no trace: nothing is sent to any system, and the store is as it was.
import type { World } from "../world.ts"

export async function traceless<A>(world: World, what: string, work: () => Promise<A>): Promise<A> {
  const before = await traces(world)
  const done = await work()
  if ((await traces(world)) !== before) world.violate("safety", `${what} left a trace`)
  return done
}

async function traces(world: World): Promise<string> {
  const { store } = world
  const [last] = await world.ask(store.journal({ limit: 1, newestFirst: true }))
  const [run] = await world.ask(store.runs(1))
  const scans = await world.ask(store.scans())
  return JSON.stringify([world.sent, world.commits, last?.seq, run?.id, scans])
}
