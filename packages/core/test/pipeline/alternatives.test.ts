import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { alternativesIn, waysText } from "../../src/pipeline/compile/alternatives.ts"

const schema = {
  type: "object",
  required: ["list"],
  properties: { token: { type: "string" }, clientId: { type: "string" }, secret: { type: "string" }, list: { type: "string" } },
  anyOf: [{ required: ["token"] }, { required: ["clientId", "secret"] }],
}

const judged = (config: object) => {
  const validate = new Ajv2020({ allErrors: true }).compile(schema)
  validate(config)
  const { alternatives, rest } = alternativesIn(validate.errors ?? [])
  return { ways: alternatives.map(({ ways }) => waysText(ways)), rest: rest.map(({ message }) => message) }
}

describe("settings that may be given in one of several ways", () => {
  it("are told once, with what each way lacks, beside everything else that is wrong", () => {
    expect(judged({})).toEqual({ ways: ['"token", or "clientId" and "secret"'], rest: ["must have required property 'list'"] })
    expect(judged({ list: "a", clientId: "x" })).toEqual({ ways: ['"token", or "secret"'], rest: [] })
  })

  it("are not told where one way is complete", () => {
    expect(judged({ list: "a", clientId: "x", secret: "y" })).toEqual({ ways: [], rest: [] })
  })
})
