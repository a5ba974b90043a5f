// `connector new`: what it writes works at once, and says what a person has to decide.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { cli, folder } from "../child.ts"
import { call } from "../hostile/call.ts"

const document = (name: string): string => fileURLToPath(new URL(`../scaffold/openapi/${name}`, import.meta.url))

/** The scaffold's own suite, as its author would run it; what fails is shown whole. */
async function tried(cwd: string, name: string, ...only: readonly string[]): Promise<{ holds: number; skipped: number }> {
  // A process of its own: what a new folder imports is found as it is for everybody, not as it is for tests.
  const { out } = await cli(["connector", "test", `./${name}`, "--json", ...only.flatMap((each) => ["--only", each])], { cwd })
  const { data, error } = JSON.parse(out)
  expect(error).toBeUndefined()
  expect(data.results.filter((each: { verdict: string }) => each.verdict === "fails")).toEqual([])
  return data
}

describe("connector new", () => {
  test.for(["--manifest", "--code"])("%s writes a folder on which every check holds at once", { timeout: 120_000 }, async (flavour) => {
    const cwd = folder()
    const { code, out } = await call(cwd, ["connector", "new", "acme-crm", flavour])
    expect(code).toBe(0)
    expect(out).toMatch(/decisions for you, marked DECIDE/)
    expect(out).toMatch(/syncline connector test .\/acme-crm/)
    for (const file of ["README.md", "package.json", "conformance.yaml", "fake/index.ts", "fake/main.ts", "test/conformance.test.ts"])
      expect(existsSync(join(cwd, "acme-crm", file)), file).toBe(true)
    const { holds, skipped } = await tried(cwd, "acme-crm")
    expect(holds).toBeGreaterThan(55)
    expect(skipped).toBeLessThan(12)
  })

  test(
    "from an OpenAPI document with cursors, keys for retries and versions, all of that is taken over",
    { timeout: 120_000 },
    async () => {
      const cwd = folder()
      const { code } = await call(cwd, ["connector", "new", "bookshop", "--from-openapi", document("bookshop.yaml")])
      expect(code).toBe(0)
      const manifest = readFileSync(join(cwd, "bookshop/bookshop.connector.yaml"), "utf8")
      expect(manifest).toContain("default: https://api.bookshop.test/v2")
      expect(manifest).toContain("token: =res.body.meta.next_cursor, to: query.cursor")
      expect(manifest).toContain("updated_since: =cursor")
      expect(manifest).toContain("idempotency-key: =op.key")
      expect(manifest).toContain("guard: ifMatch")
      expect(manifest).toMatch(/# DECIDE: a create may be answered 409/)
      const schema = JSON.parse(readFileSync(join(cwd, "bookshop/customers.schema.json"), "utf8"))
      expect(schema.properties.level).toEqual({ type: "string", enum: ["bronze", "silver", "gold"] })
      expect((await tried(cwd, "bookshop", "describe", "write", "deletes")).holds).toBeGreaterThan(20)
    },
  )

  test("from one with two resources, envelopes, counted pages and settings in its paths", { timeout: 120_000 }, async () => {
    const cwd = folder()
    const { out } = await call(cwd, ["connector", "new", "helpdesk", "--from-openapi", document("helpdesk.json")])
    expect(out).toMatch(/these lists were left out .*\/reports/)
    const manifest = readFileSync(join(cwd, "helpdesk/helpdesk.connector.yaml"), "utf8")
    expect(manifest).toContain("auth: { type: apiKey, in: header, name: X-Api-Key, key: { secret: apiKey } }")
    expect(manifest).toContain("/accounts/{config.accountId}/contacts")
    expect(manifest).toContain("next: { page: query.page, start: 1, pages: =res.body.total_pages }")
    expect(manifest).toContain("next: { offset: query.offset, total: =res.body.total }")
    expect(manifest).toContain("body: { contact: '=omit(op.item")
    await tried(cwd, "helpdesk", "read", "create-is-usable", "unnamed-fields-untouched")
  })

  test("from one with tokens to be fetched, key sets and links", { timeout: 120_000 }, async () => {
    const cwd = folder()
    await call(cwd, ["connector", "new", "payments", "--from-openapi", document("payments.yaml")])
    const manifest = readFileSync(join(cwd, "payments/payments.connector.yaml"), "utf8")
    expect(manifest).toContain("grant: client_credentials")
    expect(manifest).toContain("next: { keyset: =rec.id, to: query.starting_after, more: =res.body.has_more }")
    expect(manifest).toContain("next: { link: next }")
    await tried(cwd, "payments", "describe", "auth", "snapshot-each-once", "create-is-usable")
  })

  test("what cannot be done is said in one sentence, and nothing is overwritten", async () => {
    const cwd = folder()
    await call(cwd, ["connector", "new", "acme"])
    writeFileSync(join(cwd, "old.json"), JSON.stringify({ swagger: "2.0", paths: {} }))
    writeFileSync(join(cwd, "empty.yaml"), "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: {}\n")
    writeFileSync(
      join(cwd, "far.yaml"),
      "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: { /a: { $ref: '../../../etc/hosts.yaml' } }\n",
    )
    writeFileSync(
      join(cwd, "web.yaml"),
      "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: { /a: { $ref: 'http://127.0.0.1:9/a.yaml' } }\n",
    )
    for (const [args, said] of [
      [["acme"], /acme is there already, and nothing is overwritten/],
      [["Acme Inc"], /no name for a connector/],
      [["a", "--from-openapi", "nowhere.yaml"], /There is no file nowhere.yaml/],
      [["a", "--from-openapi", "old.json"], /Swagger 2.0; OpenAPI 3 is needed/],
      [["a", "--from-openapi", "empty.yaml"], /lists no items that have an id/],
      [["a", "--from-openapi", "far.yaml"], /cannot be read as an OpenAPI document/],
      [["a", "--from-openapi", "web.yaml"], /cannot be read as an OpenAPI document/],
      [["a", "--code", "--from-openapi", "empty.yaml"], /Leave --code away/],
    ] as const) {
      const { code, err } = await call(cwd, ["connector", "new", ...args])
      expect(err).toMatch(said)
      expect(err).not.toMatch(/^\s+at .*:\d+:\d+/m)
      expect(code).toBe(2)
      expect(existsSync(join(cwd, "a"))).toBe(false)
    }
  })
})
