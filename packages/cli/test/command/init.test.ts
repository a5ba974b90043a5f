// The starter: written once, never over anything.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { cli, folder } from "../child.ts"

test("init writes a pipeline and its schema and says what to type next", async () => {
  const cwd = folder()
  const { code, out } = await cli(["init", "my-sync"], { cwd })
  expect(code).toBe(0)
  expect(out).toContain("syncline check my-sync/pipeline.yaml")
  expect(readFileSync(join(cwd, "my-sync", "pipeline.yaml"), "utf8")).toContain("name: crm-email")
  expect(JSON.parse(readFileSync(join(cwd, "my-sync", "person.schema.json"), "utf8"))).toMatchObject({ title: "Person" })
})

test("init never overwrites: with one of its files there, it writes neither", async () => {
  const cwd = folder()
  writeFileSync(join(cwd, "person.schema.json"), "mine")
  const { code, err } = await cli(["init"], { cwd })
  expect(code).toBe(2)
  expect(err).toContain("nothing is overwritten")
  expect(readFileSync(join(cwd, "person.schema.json"), "utf8")).toBe("mine")
  expect(existsSync(join(cwd, "pipeline.yaml"))).toBe(false)
})

test("as a script of the workspace, paths are meant from where the person stood", async () => {
  const [workspace, stood] = [folder(), folder()]
  const { code } = await cli(["init", "here"], { cwd: workspace, env: { npm_lifecycle_event: "syncline", INIT_CWD: stood } })
  expect(code).toBe(0)
  expect(existsSync(join(stood, "here", "pipeline.yaml"))).toBe(true)
  expect(existsSync(join(workspace, "here"))).toBe(false)
})
