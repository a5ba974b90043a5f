// Connectors by name: built in, a folder beside the pipeline, or nothing.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { resolveConnector } from "../../src/wire/connectors.ts"
import { cli, folder } from "../child.ts"

const CONNECTOR = `export const connector = {
  name: "tiny", configSchema: { type: "object" },
  describe: () => ({ title: "Tiny", resources: [] }), http: () => ({}), open: () => ({}),
}`

test("the built-in ones are found by name", async () => {
  expect(await resolveConnector("mock-crm", folder())).toMatchObject({ ok: true, connector: { name: "mock-crm" } })
  expect(await resolveConnector("mock-email", folder())).toMatchObject({ ok: true, connector: { name: "mock-email" } })
})

test("a folder or a file beside the pipeline is loaded, what is no connector is refused with the reason", async () => {
  const root = folder()
  mkdirSync(join(root, "tiny"))
  writeFileSync(join(root, "tiny", "index.mjs"), CONNECTOR)
  writeFileSync(join(root, "other.mjs"), "export const nothing = 1")
  expect(await resolveConnector("./tiny", root)).toMatchObject({ ok: true, connector: { name: "tiny" } })
  expect(await resolveConnector("./tiny/index.mjs", root)).toMatchObject({ ok: true })
  expect(await resolveConnector("./other.mjs", root)).toMatchObject({ ok: false, why: expect.stringContaining("exports no connector") })
  expect(await resolveConnector("./nowhere", root)).toEqual({ ok: false, why: "no such package or folder" })
  expect(await resolveConnector("no-such-package-here", root)).toEqual({ ok: false, why: "no such package or folder" })
})

test("check names a connector that cannot be loaded, and why", async () => {
  const cwd = folder()
  await cli(["init"], { cwd })
  const file = join(cwd, "pipeline.yaml")
  writeFileSync(file, readFileSync(file, "utf8").replace("connector: mock-crm ", "connector: ./gone "))
  const { code, err } = await cli(["check", "--offline"], { cwd })
  expect(code).toBe(2)
  expect(err).toContain("the connector ./gone cannot be loaded: no such package or folder")
})
