// Directus' items, as far as a sync goes: keys of the caller's making, times that are null until the first update, batches
// that are one transaction, an activity log, and 403 for whatever is not there. State in memory; token `directus-demo-token`.
import { isObject, type Json } from "@syncline/connector"
import { bearerOf, defineFake, type PeopleItem } from "@syncline/testkit/fake"
import { createWorld, type World } from "./collections.ts"
import { problem } from "./problem.ts"
import { routesOf } from "./routes.ts"

export const demoToken = "directus-demo-token"

/** `{ people: [{ email, name, … }], companies: […] }`; `date_created` and `date_updated` as given. */
function loadSeed(world: World, file: Json): void {
  if (!isObject(file)) throw new Error("seed: an object with a list for each collection")
  for (const [name, list] of Object.entries(file)) {
    const collection = world.collection(name)
    if (collection === undefined || !Array.isArray(list)) throw new Error(`seed: there is no collection ${name}, or it is no list`)
    for (const [at, one] of list.entries()) {
      if (!isObject(one)) throw new Error(`seed: ${name}[${at}]: an object`)
      const { date_created: created, date_updated: updated, ...item } = one
      if (typeof created !== "string") throw new Error(`seed: ${name}[${at}]: date_created is an ISO 8601 time`)
      world.create(collection, item, { created, updated: typeof updated === "string" ? updated : null })
    }
  }
}

export const fake = defineFake<World>({
  name: "directus",
  title: "Directus",
  credentials: { token: demoToken },
  build: ({ clock }) => {
    const world = createWorld(clock)
    const people = world.collection("people")
    if (people === undefined) throw new Error("there are people")
    return {
      world,
      routes: routesOf(world),
      gate: (request) => (bearerOf(request) === demoToken ? undefined : problem(401, "INVALID_CREDENTIALS", "Invalid user credentials.")),
      tooMany: (window) => ({
        ...problem(429, "REQUESTS_EXCEEDED", "Too many requests, retry after a while."),
        headers: { "retry-after": String(Math.ceil(window.waitMs / 1000)) },
      }),
      notFound: (request) => problem(404, "ROUTE_NOT_FOUND", `Route ${request.path} doesn't exist.`),
      seed: (file) => loadSeed(world, file),
      people: {
        items: () =>
          [...people.items].map(([id, item]): PeopleItem => ({
            id,
            names: [id, String(item["email"] ?? "").toLowerCase()],
            counts: true,
            item,
          })),
        create: (set) => world.create(people, set),
        update: (id, set) => world.update(people, id, set),
        delete: (id) => world.delete(people, id),
        erase: (id) => world.erase(people, id),
      },
    }
  },
})
