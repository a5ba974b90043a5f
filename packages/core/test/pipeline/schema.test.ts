import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { LENSES, pipelineSchema } from "../../src/pipeline/index.ts"

describe("the published JSON Schema of a pipeline", () => {
  it("is the one that the shapes of the language give (`pnpm schema` writes it anew)", async () => {
    await expect(`${JSON.stringify(pipelineSchema(), null, 2)}\n`).toMatchFileSnapshot("../../pipeline.schema.json")
  })

  const validate = new Ajv2020({ strict: false }).compile(pipelineSchema())

  it("accepts the pipeline of the demo", () => {
    const text = readFileSync(new URL("good/pipeline.yaml", import.meta.url), "utf8")
    expect([validate(parse(text)), validate.errors]).toEqual([true, null])
  })

  it("refuses a key that the parser refuses", () => {
    const text = readFileSync(new URL("bad/unknown-key-top/pipeline.yaml", import.meta.url), "utf8")
    expect(validate(parse(text))).toBe(false)
  })

  it("offers every lens to an editor, with its meaning", () => {
    const written = JSON.stringify(pipelineSchema())
    for (const lens of LENSES) expect(written).toContain(JSON.stringify(lens.doc))
  })
})
