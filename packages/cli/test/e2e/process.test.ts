// What people do to a run: start a second one beside it, press Ctrl-C, give wrong credentials or a wrong file.
// Each gets one clear line and its exit code, and does no harm.
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
import { town } from "./people.ts"
import { pipelineText } from "./pipeline.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** Holds the run under way for a while: its writes to the platform are answered late. */
const slowWrites = (ms: number): Promise<void> =>
  world.email.fault({ kind: "latency", ms, times: 1, match: { method: "POST", path: "/batch$" } })

const quiet = async (): Promise<void> => {
  await Promise.all([world.crm.forget(), world.email.forget()])
  await world.synced()
  expect([...(await world.crm.writes()), ...(await world.email.writes())]).toEqual([])
}

test("a second run beside the first is refused with a clear line, and the first completes", async () => {
  await world.begin(town(100, 41))
  // so long that the first is under way however slowly the second starts
  await slowWrites(8_000)
  const first = world.start("run", FILE)
  await first.says(/write|read {5}\w+\.\w+ {2}\d+ items[\s\S]*read {5}\w+\.\w+ {2}\d+ items/)
  const second = await world.cli("run", FILE)
  expect(second.code).toBe(1)
  expect(second.err).toMatch(/Another run is in progress: .*process \d+/)
  expect((await first.ended).code).toBe(0)
  expect(await world.differences()).toEqual([])
  await quiet()
})

test("Ctrl-C in the middle ends with a clear line and 130; the next run completes", async () => {
  await world.begin(town(200, 42))
  await slowWrites(1_500)
  const run = world.start("run", FILE)
  await run.says(/read {5}\w+\.\w+ {2}\d+ items[\s\S]*read {5}\w+\.\w+ {2}\d+ items/)
  run.process.kill("SIGINT")
  const { code, err } = await run.ended
  expect(code).toBe(130)
  expect(err).toMatch(/Ending after the write under way/)
  expect(err).toMatch(/Interrupted\. Nothing is lost/)
  expect(err).not.toMatch(/\n\s+at /)
  await world.synced()
  expect(await world.differences()).toEqual([])
  // the platform logs the answer that nobody waited for when it is due
  await expect.poll(async () => (await world.email.requests()).map((entry) => entry["fault"]), { timeout: 20_000 }).toContain("latency")
  await quiet()
})

test("wrong credentials are said as such, with exit code 4, and nothing is written", async () => {
  await world.begin(town(20, 43))
  world.env["EMAIL_KEY"] = "not-the-key-7731"
  const refused = await world.cli("run", FILE)
  expect(refused.code).toBe(4)
  expect(refused.out).toMatch(/email refuses? (?:the|its) credentials|refused the credentials/i)
  expect(refused.out + refused.err).not.toMatch(/not-the-key-7731/)
  expect(await world.email.writes()).toEqual([])
  const status = await world.cli("status", FILE)
  expect(status.out + status.err).not.toMatch(/not-the-key-7731/)
  world.env["EMAIL_KEY"] = "demo-key"
  await world.synced()
  expect(await world.differences()).toEqual([])
})

test("a wrong file is explained with line and column and exit code 2, before anything is called", async () => {
  await world.begin(town(5, 44))
  world.write(FILE, pipelineText().replace("as: [trim, lower]", "as: [trim, lowercase]").replace("default: newest", "default: newset"))
  const refused = await world.cli("run", FILE)
  expect(refused.code).toBe(2)
  expect(refused.err + refused.out).toMatch(/pipeline\.yaml:\d+:\d+[\s\S]*lowercase[\s\S]*pipeline\.yaml:\d+:\d+[\s\S]*newset/)
  expect(refused.err + refused.out).not.toMatch(/\n\s+at /)
  expect([...(await world.crm.requests()), ...(await world.email.requests())]).toEqual([])
})

test("people who are looked at while a run is under way are shown as they are", async () => {
  await world.begin(town(50, 45))
  await slowWrites(1_500)
  const run = world.start("run", FILE)
  await run.says(/read {5}\w+\.\w+ {2}\d+ items[\s\S]*read {5}\w+\.\w+ {2}\d+ items/)
  const status = await world.json("status", FILE)
  expect(isObject(status) ? status["pipeline"] : null).toBe("town")
  expect((await run.ended).code).toBe(0)
})
