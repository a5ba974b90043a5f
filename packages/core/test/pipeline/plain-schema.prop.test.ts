// The short way to a sound schema never lets one pass that the schema of schemas refuses.
import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import fc from "fast-check"
import { expect, test } from "vitest"
import { isPlainlySound } from "../../src/pipeline/compile/plain-schema.ts"
import type { JsonObject } from "../../src/model/value.ts"

const ajv = new Ajv2020({ strict: false, logger: false })
formats.default(ajv)

const KEYWORDS = `type additionalProperties propertyNames items not if then else properties $defs allOf anyOf oneOf enum examples const
default required title description $comment format pattern minLength maxLength minItems maxItems minimum exclusiveMaximum uniqueItems
readOnly writeOnly deprecated $ref $schema $id prefixItems multipleOf dependentRequired strange`.split(/\s/)

const value = fc.oneof(
  fc.constantFrom(
    "string",
    "object",
    "email",
    "^a+$",
    "(?<",
    "[",
    "\\\\Z",
    "#/$defs/x",
    "#x",
    "https://json-schema.org/draft/2020-12/schema",
  ),
  fc.constantFrom(["string", "null"], ["string", "string"], [], ["a", "b"], ["a", "a"], [1], [{}], [true, { type: "text" }]),
  fc.constantFrom(0, 1, -1, 1.5, true, false, null),
  fc.string({ maxLength: 4 }),
)
const near = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.dictionary(
    fc.constantFrom(...KEYWORDS),
    fc.oneof(
      { maxDepth: 3 },
      value,
      tie("schema"),
      fc.array(tie("schema"), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("a", "b"), tie("schema")),
    ),
    { maxKeys: 3 },
  ),
})).schema

test("what passes the short way passes the long way", () => {
  let passed = 0
  fc.assert(
    fc.property(near, (schema) => {
      if (!isPlainlySound(schema)) return
      passed++
      expect(ajv.validateSchema(schema)).toBe(true)
    }),
    { numRuns: 3_000 },
  )
  expect(passed).toBeGreaterThan(100)
})

test("the starter's schema takes the short way, and no other than an object or a boolean does", () => {
  const starter = new URL("../../../cli/src/starter/crm-email/person.schema.json", import.meta.url)
  expect(isPlainlySound(JSON.parse(readFileSync(starter, "utf8")))).toBe(true)
  for (const odd of [null, 1, "object", [], { type: "text" }, { $id: "x" }, { properties: [] }]) expect(isPlainlySound(odd)).toBe(false)
})
