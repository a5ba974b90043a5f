// `connector test` and `connector describe`, as an author meets them.
import { cpSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { folder } from "../child.ts"
import { call } from "../hostile/call.ts"

const connectors = fileURLToPath(new URL("../../../../connectors", import.meta.url))

/** A connector in a file, that reads one list from wherever `baseUrl` is. */
const bad = `import { FaultError } from ${JSON.stringify(import.meta.resolve("@syncline/connector"))}
export const connector = {
  name: "bad",
  configSchema: { type: "object", required: ["baseUrl"], properties: { baseUrl: { type: "string" }, token: { type: "string", writeOnly: true } } },
  describe: () => ({ title: "Bad", resources: [{
    name: "things", schema: { type: "object" }, id: { stable: true }, keys: [], version: { kind: "none" },
    read: { snapshot: true, lagMs: { byId: 0, delta: 0 }, pageSize: 10 }, deletes: ["absence"], write: {},
  }] }),
  http: (config) => ({ baseUrl: config.baseUrl, auth: { type: "bearer", token: config.token }, limits: { windows: [] } }),
  open: (config, { http }) => ({
    check: async () => {},
    pull: async () => {
      throw new FaultError({ class: "transient", message: "the key " + config.token + " is refused" })
    },
    push: async () => [],
  }),
}
`

describe("connector test", () => {
  test("says what holds, by area or by name, and exits with 0 where nothing fails", { timeout: 30_000 }, async () => {
    const { code, out, err } = await call(folder(), [
      "connector",
      "test",
      join(connectors, "mock-email"),
      "--only",
      "describe",
      "--only",
      "delete-is-told",
    ])
    expect(err).toBe("")
    expect(out).toMatch(/✓ describe-stable/)
    expect(out).toMatch(/✓ delete-is-told/)
    expect(out).toMatch(/✓ 5 checks: 5 hold, 0 fail, 0 skipped/)
    expect(code).toBe(0)
  })

  test("shows what fails, why it was skipped, exits with 1, and says no secret", { timeout: 30_000 }, async () => {
    const cwd = folder()
    writeFileSync(join(cwd, "bad.ts"), bad)
    const args = [
      "connector",
      "test",
      "./bad.ts",
      "--config",
      "baseUrl=http://127.0.0.1:9",
      "--config",
      "token=canary-5f2e",
      "--only",
      "auth",
      "--only",
      "write",
    ]
    const { code, out } = await call(cwd, args)
    expect(out).toMatch(/no conformance file/)
    expect(out).toMatch(/✗ wrong-credentials[\s\S]*check\(\) with wrong credentials succeeds/)
    expect(out).toMatch(/✗ no-secret-said/)
    expect(out).toMatch(/- create-is-usable {2}it declares no create/)
    expect(out).not.toContain("canary-5f2e")
    expect(code).toBe(1)
    const told = await call(cwd, [...args, "--json"])
    expect(told.out).not.toContain("canary-5f2e")
    const { command, data } = JSON.parse(told.out)
    expect(command).toBe("connector test")
    expect(data).toMatchObject({ connector: "bad", conformance: false })
    expect(data.results.length).toBe(data.holds + data.fails + data.skipped)
    expect(data.results.find((each: { check: string }) => each.check === "wrong-credentials")).toMatchObject({
      verdict: "fails",
      area: "auth",
      resource: "things",
    })
  })

  test("a mistake is one sentence and exit code 2", { timeout: 60_000 }, async () => {
    const cwd = folder()
    writeFileSync(join(cwd, "bad.ts"), bad)
    cpSync(join(cwd, "bad.ts"), join(cwd, "other.ts"))
    writeFileSync(join(cwd, "other.conformance.yaml"), "resources: { things: { itme: { a: 1 } } }\n")
    for (const [args, said] of [
      [["./nowhere"], /There is no file or folder .\/nowhere/],
      [["./bad.ts"], /no conformance.ts or conformance.yaml beside/],
      [["./bad.ts", "--config", "baseUrl"], /name=value/],
      [["./bad.ts", "--only", "cursor-is-jsn"], /did you mean "cursor-is-json"/],
      [["./other.ts"], /resources.things must NOT have additional properties \("itme"\)/],
    ] as const) {
      const { code, err } = await call(cwd, ["connector", "test", ...args])
      expect(err).toMatch(said)
      expect(err).not.toMatch(/^\s+at .*:\d+:\d+/m)
      expect(code).toBe(2)
    }
  })
})

describe("connector describe", () => {
  test("says in words what a connector can do and what it cannot promise", { timeout: 30_000 }, async () => {
    const { code, out } = await call(folder(), ["connector", "describe", "mock-email"])
    expect(out).toMatch(/ids +can change; contact_id stays/)
    expect(out).toMatch(/deletes +told by a flag on the item, seen by absence/)
    expect(out).toMatch(/no compare-and-set: an edit between our read and our write can be lost/)
    expect(code).toBe(0)
    const { data } = JSON.parse((await call(folder(), ["connector", "describe", "mock-email", "--json"])).out)
    expect(data.resources[0]).toMatchObject({
      name: "members",
      guarantees: expect.arrayContaining([{ topic: "delete feed", held: true, sentence: "deletes are reported" }]),
    })
  })

  test("needs no credentials for a connector whose description does not depend on them", async () => {
    for (const name of ["ghost", "hubspot", "mailchimp", "directus", "salesforce", "keap", "highlevel", "postgres"]) {
      const { code, out, err } = await call(folder(), ["connector", "describe", join(connectors, name), "--json"])
      expect({ name, code, err }).toEqual({ name, code: 0, err: "" })
      // of these the settings name the collections and the tables
      expect(JSON.parse(out).data.resources.length > 0, name).toBe(name !== "directus" && name !== "postgres")
    }
    const { out, err } = await call(folder(), ["connector", "describe", "postgres"])
    expect(out).toMatch(/^PostgreSQL {2}postgres\n {2}limits/)
    expect(err).toBe("What it can read and write depends on its settings. Name them: --config name=value\n")
  })

  test("says what is missing where the description depends on it", async () => {
    const cwd = folder()
    writeFileSync(
      join(cwd, "picky.ts"),
      `export const picky = {
  name: "picky", configSchema: { type: "object", properties: { region: { type: "string" } } },
  describe: ({ region }) => { if (region === undefined) throw new Error("region is missing"); return { title: "Picky", resources: [] } },
  http: () => ({ baseUrl: "http://127.0.0.1", auth: { type: "none" }, limits: { windows: [] } }), open: () => ({}),
}`,
    )
    const { code, err } = await call(cwd, ["connector", "describe", "./picky.ts"])
    expect(code).toBe(2)
    expect(err).toBe("✗ picky cannot be described with these settings: region is missing\n  Name them: --config name=value\n")
    expect((await call(cwd, ["connector", "describe", "./picky.ts", "--config", "region=eu"])).code).toBe(0)
  })
})
