// Ctrl-C and outages while a process is under way.
import { expect, test } from "vitest"
import { textAt } from "../../src/demo/actors.ts"
import { world } from "../world.ts"

test("Ctrl-C in the middle of a run loses nothing: it says so, ends with 130, and the next run goes on", { timeout: 60_000 }, async () => {
  const { syncline, start, customer, email } = await world()
  await customer("Ada")
  const hang = { kind: "latency", ms: 20_000 }
  await fetch(`${email.url}/admin/faults`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(hang) })
  const child = start("run")
  await child.says(/read +crm\.contacts/)
  child.process.kill("SIGINT")
  const { code, err } = await child.ended
  expect(err).toContain("Nothing is lost")
  expect(code).toBe(130)
  await email.repair()
  expect((await syncline("run")).code).toBe(0)
  expect(await email.items()).toHaveLength(1)
})

test("a watching run passes on what changes, waits out an outage, and ends at Ctrl-C", { timeout: 90_000 }, async () => {
  const { start, customer, crm, email, cwd } = await world()
  const { readFileSync, writeFileSync } = await import("node:fs")
  const file = `${cwd}/pipeline.yaml`
  writeFileSync(file, readFileSync(file, "utf8").replace("every: 30s, idle: 5m", "every: 1s, idle: 1s"))
  const child = start("run", "--watch")
  await child.says(/Watching pipeline\.yaml/)
  const ada = await customer("Ada")
  await child.says(/email: 1 created/)
  await email.breakDown()
  await child.says(/✗ email cannot be reached/)
  await crm.update(textAt(ada, "id"), { first_name: "Augusta" })
  await email.repair()
  await child.says(/email is back[\s\S]*email: 1 updated|email: 1 updated[\s\S]*email is back|email is back/)
  await expect.poll(async () => textAt((await email.items())[0] ?? {}, "merge_fields.FNAME"), { timeout: 40_000 }).toBe("Augusta")
  child.process.kill("SIGINT")
  const { code, err } = await child.ended
  expect(err).toContain("Nothing is lost")
  expect(code).toBe(130)
})

test("after kill -9 the next run takes over at once and completes", { timeout: 60_000 }, async () => {
  const { syncline, start, customer, email } = await world()
  await customer("Ada")
  await fetch(`${email.url}/admin/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind: "latency", ms: 20_000 }),
  })
  const child = start("run")
  await child.says(/read +crm\.contacts/)
  child.process.kill("SIGKILL")
  await child.ended
  await email.repair()
  expect((await syncline("run")).code).toBe(0)
  expect(await email.items()).toHaveLength(1)
})
