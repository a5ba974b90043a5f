// A small foundation for stateful fakes of real APIs: real HTTP on 127.0.0.1, state in memory, trouble on order.
// A connector's folder holds its fake in `fake/`; its tests, its conformance suite and stories in `examples/` use it.
//
//   // connectors/acme/fake/index.ts
//   export const fake = defineFake({
//     name: "acme",
//     title: "Acme CRM",
//     credentials: { token: "acme-demo-token" },               // public; what a pipeline gets to reach it
//     build: ({ clock, log }) => {
//       const people = createTable<Person>({ clock })           // rows with a change sequence, times and a past
//       return {
//         world: { people },                                    // what tests may reach into: `running.world.people`
//         gate: (request) => (bearerOf(request) === "acme-demo-token" ? undefined : { status: 401, body: {…} }),
//         windows: [{ name: "burst", max: 100, perMs: 10_000 }],
//         tooMany: (window) => ({ status: 429, headers: { "retry-after": secondsOf(window.waitMs) }, body: {…} }),
//         routes: {
//           "GET /people": (request) => ({ status: 200, body: … request.query.get("since") … }),
//           "PATCH /people/:id": (request) => ({ status: 200, body: …, changed: 1 }),
//           "POST /people/search": reads((request) => …),       // a POST that changes nothing
//         },
//         seed: (file) => …,                                    // `--seed FILE`, parsed JSON; throw an Error that says what is wrong
//         people: { items: …, create: …, update: …, delete: … } // what its own users do in the browser; stories need it
//       }
//     },
//   })
//
//   // connectors/acme/fake/main.ts:  node connectors/acme/fake/main.ts --port 4030 --seed FILE
//   await serveFake(fake)
//
//   // a test
//   const acme = await fake.start()
//   acme.url; acme.clock.advance(60_000); acme.requests(); acme.world.people.put(…)
//   acme.faults.order({ kind: "status", status: 503, match: { method: "POST", path: "^/people" }, times: 2 })
//   await acme.close()
//
// A handler answers with a value, or throws `refused(status, body)`. `changed` counts items for the log (none: unchanged).
// The same server has an admin port below `/admin` (admin.ts), without credentials and without limits.
// `syncline mock acme` finds a fake by the export `fake` of the package's `./fake`.
export { createClock, type Clock } from "./clock.ts"
export { defineFake, type Fake, type FakeBuild, type FakeOptions, type FakeParts, type FakeSpec, type RunningFake } from "./define-fake.ts"
export { FAULT_KINDS, type FaultOrder, type Faults } from "./faults.ts"
export { refused, Refused, type FakeAnswer, type FakeRequest } from "./exchange.ts"
export { reads, type Handler, type Routes } from "./router.ts"
export { type FakePeople, type PeopleItem } from "./people.ts"
export { type LoggedRequest } from "./request-log.ts"
export { createTable, type Row, type Table } from "./table.ts"
export { type RateWindow, type WindowUsage } from "./windows.ts"
export { basicOf, bearerOf, secondsOf } from "./headers.ts"
export { serveFake } from "./serve-fake.ts"
