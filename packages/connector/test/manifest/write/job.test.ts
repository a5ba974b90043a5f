import { expect, test } from "vitest"
import { op, schema, stage } from "./stage.ts"

const job = `${schema}
write:
  create:
    batch:
      max: 100
      request: { path: /jobs, body: { rows: =items } }
      job:
        ticket: =res.body.job
        poll: GET /jobs/{ticket}
        done: =res.body.state == "done"
        result: GET /jobs/{ticket}/result
        every: 2s
        max: 10s
      ok: { each: =res.body.rows, id: =item.id }`

test("a job is asked about until it is done, and its result is matched", async () => {
  let time = 0
  const { connector, seen } = await stage(
    job,
    ({ path }) =>
      path === "/jobs"
        ? { status: 202, body: { job: "j1" } }
        : path === "/jobs/j1"
          ? time < 4000
            ? { body: { state: "running" } }
            : { body: { state: "done" } }
          : { body: { rows: [{ id: "a" }, { id: "b" }] } },
    { now: () => time, wait: (ms) => ((time += ms), Promise.resolve()) },
  )
  const outcomes = await connector.push("things", [op("create", null, { name: "x" }), op("create", null, { name: "y" })])
  expect(outcomes).toMatchObject([
    { status: "applied", id: "a" },
    { status: "applied", id: "b" },
  ])
  expect(seen.map(({ path }) => path)).toEqual(["/jobs", "/jobs/j1", "/jobs/j1", "/jobs/j1", "/jobs/j1/result"])
})

test.each([
  ["is not done in time", { body: { state: "running" } }],
  ["cannot be asked about", { status: 404, body: {} }],
])("a job that %s leaves its operations unknown", async (_title, answer) => {
  let time = 0
  const { connector } = await stage(job, ({ path }) => (path === "/jobs" ? { body: { job: "j1" } } : answer), {
    now: () => time,
    wait: (ms) => ((time += ms), Promise.resolve()),
  })
  const outcomes = await connector.push("things", [op("create", null, { name: "x" })])
  expect(outcomes).toMatchObject([{ status: "unknown" }])
})
