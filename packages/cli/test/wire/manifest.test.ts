// Connectors that are manifests: by file, by folder, by package; and what a wrong one says.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { resolveConnector } from "../../src/wire/connectors.ts"
import { cli, folder } from "../child.ts"

const MANIFEST = `manifest: 1
id: acme
baseUrl: '{config.baseUrl}'
auth: { type: bearer, token: { secret: token } }
resources:
  contact:
    schema: { $ref: ./contact.schema.json }
    id: =rec.id
    version: { kind: timestamp, value: =rec.updated }
    read:
      snapshot: { request: GET /contacts, records: =res.body }
`
const SCHEMA = JSON.stringify({
  type: "object",
  properties: { id: { type: "string" }, email: { type: "string" }, updated: { type: "string" } },
})

function acme(manifest = MANIFEST): string {
  const root = folder()
  writeFileSync(join(root, "acme.connector.yaml"), manifest)
  writeFileSync(join(root, "contact.schema.json"), SCHEMA)
  return root
}

test("a manifest is found as a file, in a folder, and in an installed package", async () => {
  const root = acme()
  const found = { ok: true, connector: { name: "acme", configSchema: { required: ["baseUrl", "token"] } } }
  expect(await resolveConnector("./acme.connector.yaml", root)).toMatchObject(found)
  for (const place of ["there", join("node_modules", "acme-connector")]) {
    mkdirSync(join(root, place), { recursive: true })
    cpSync(join(root, "acme.connector.yaml"), join(root, place, "connector.yaml"))
    cpSync(join(root, "contact.schema.json"), join(root, place, "contact.schema.json"))
  }
  writeFileSync(join(root, "node_modules", "acme-connector", "package.json"), '{ "name": "acme-connector" }')
  expect(await resolveConnector("./there", root)).toMatchObject(found)
  expect(await resolveConnector("acme-connector", root)).toMatchObject(found)
})

test("two manifests in one folder are a question, not a guess", async () => {
  const root = acme()
  writeFileSync(join(root, "other.connector.yaml"), MANIFEST)
  expect(await resolveConnector(".", root)).toMatchObject({ ok: false, why: expect.stringContaining("several manifests") })
})

test("check lays out what is wrong with a manifest, each at its place", async () => {
  const root = acme(MANIFEST.replace("=res.body", "=ress.body").replace("./contact.schema.json", "../contact.schema.json"))
  await cli(["init"], { cwd: root })
  const file = join(root, "pipeline.yaml")
  writeFileSync(file, readFileSync(file, "utf8").replace("connector: mock-crm ", "connector: ./acme.connector.yaml "))
  const { code, err } = await cli(["check", "--offline"], { cwd: root })
  expect(code).toBe(2)
  expect(err).toContain('acme.connector.yaml:7:21  "../contact.schema.json" is outside the manifest\'s folder')
  expect(err).toContain('unknown name "ress" in an expression')
  expect(err).toContain('did you mean "res"?')
})
