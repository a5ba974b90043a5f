// What `check` finds: in the file, in the systems, and in both together.
import { readFileSync, writeFileSync } from "node:fs"
import { expect, test } from "vitest"
import { world } from "../world.ts"

test("every problem of a file is shown at once, with its place, and the exit code is 2", { timeout: 60_000 }, async () => {
  const { syncline, cwd } = await world()
  const file = `${cwd}/pipeline.yaml`
  writeFileSync(
    file,
    readFileSync(file, "utf8")
      .replace("as: [trim, lower] }    #", "as: [trim, lowercase] } #")
      .replace("on_match: newest", "on_match: newst"),
  )
  const { code, err } = await syncline("check", "--offline")
  expect(code).toBe(2)
  expect(err).toMatch(/pipeline\.yaml:\d+:\d+ {2}unknown lens "lowercase"[\s\S]*did you mean "lower"\?/)
  expect(err).toContain("pipeline.yaml has 2 errors.")
  const told = JSON.parse((await syncline("check", "--offline", "--json")).out)
  expect(told).toMatchObject({
    command: "check",
    version: 1,
    error: { exit: 2, details: { problems: [{ line: expect.any(Number) }, {}] } },
  })
})

test("the starter is right, offline and against its systems", { timeout: 60_000 }, async () => {
  const { syncline, customer } = await world()
  await customer("Ada")
  expect(await syncline("check", "--offline")).toMatchObject({ code: 0, out: expect.stringContaining("Nothing is wrong.") })
  const online = await syncline("check")
  expect(online).toMatchObject({ code: 0, out: expect.stringContaining("tried on 1 real item") })
  expect(online.out).toMatch(/no compare-and-set: an edit between our read and our write can be lost/)
})

test("real items that could not pass are a finding, with an example", { timeout: 60_000 }, async () => {
  const { syncline, customer, email } = await world()
  const bad = await customer("Ada", { email: "at home" })
  const { code, out } = await syncline("check")
  expect(code).toBe(1)
  expect(out).toMatch(new RegExp(`must be an e-mail address[\\s\\S]*${String(bad["id"])}`))
  await email.breakDown()
  expect(await syncline("check")).toMatchObject({ code: 4, out: expect.stringContaining("email  cannot be reached") })
})
