import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { manifestSchema } from "../../src/manifest/index.ts"

describe("the published JSON Schema of a manifest", () => {
  it("is the one that the shapes of the language give (`pnpm schema` writes it anew)", async () => {
    await expect(`${JSON.stringify(manifestSchema(), null, 2)}\n`).toMatchFileSnapshot("../../manifest.schema.json")
  })

  const validate = new Ajv2020({ strict: false }).compile(manifestSchema())

  it("accepts a manifest that the compiler accepts", () => {
    const text = readFileSync(new URL("people.yaml", import.meta.url), "utf8")
    expect([validate(parse(text)), validate.errors]).toEqual([true, null])
  })

  it("refuses a key that the compiler refuses", () => {
    const text = readFileSync(new URL("people.yaml", import.meta.url), "utf8")
    expect(validate({ ...parse(text), resorces: {} })).toBe(false)
  })
})
