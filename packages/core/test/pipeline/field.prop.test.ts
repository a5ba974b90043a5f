// The laws of whole field rules, on random items of the demo's two systems.
import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { LensFailure, type Binding } from "../../src/model/pipeline.ts"
import { equal, type JsonObject } from "../../src/model/value.ts"
import { compilePipeline } from "../../src/pipeline/index.ts"
import { withValues } from "../../src/model/path.ts"
import { envWith } from "./fake-connectors.ts"

const read = (name: string): string => readFileSync(new URL(`good/${name}`, import.meta.url), "utf8")
const { pipeline } = compilePipeline(
  { path: "pipeline.yaml", text: read("pipeline.yaml") },
  envWith({ "person.schema.json": read("person.schema.json") }),
)
const bindings = pipeline?.entities[0]?.bindings ?? []

const text = fc.option(
  fc.oneof(fc.constantFrom("", " ", "Jane", " jane@X.com ", "+1 415 555 0123", "415-555-0199"), fc.string({ maxLength: 8 })),
)
const tags = fc.option(fc.array(fc.constantFrom("vip", "press", "a", ""), { maxLength: 4 }))
const contact = fc.record(
  {
    id: fc.string(),
    email: text,
    first_name: text,
    last_name: text,
    phone: text,
    account: fc.option(fc.record({ name: text }, { requiredKeys: [] })),
    labels: tags,
    stage: fc.constantFrom("lead", "customer", "lost"),
    email_opt_out: fc.option(fc.boolean()),
  },
  { requiredKeys: [] },
)
const member = fc.record(
  {
    email_address: text,
    status: fc.constantFrom("subscribed", "unsubscribed", "cleaned", "pending"),
    merge_fields: fc.option(fc.record({ FNAME: text, LNAME: text, COMPANY: text }, { requiredKeys: [] })),
    tags,
  },
  { requiredKeys: [] },
)

const items: Readonly<Record<string, fc.Arbitrary<JsonObject>>> = { "crm.contacts": contact, "email.members": member }

describe.each(bindings.map((binding): [string, Binding] => [binding.key, binding]))("the fields of %s", (key, binding) => {
  const item = items[key] ?? fc.constant({})

  it("read from what is kept of an item the same as from the item", () => {
    fc.assert(
      fc.property(item, (whole) => {
        const kept = binding.project(whole)
        for (const field of binding.fields) expect(field.get(kept)).toEqual(field.get(whole))
        expect(binding.project(kept)).toEqual(kept)
      }),
    )
  })

  it("have nothing to write where nothing changed", () => {
    fc.assert(
      fc.property(item, (whole) => {
        for (const field of binding.fields) {
          const value = field.get(whole)
          expect(value instanceof LensFailure ? {} : field.put(value, whole)).toEqual({})
        }
      }),
    )
  })

  it("read back every value that they agree to write, over any item, and then have nothing more to say", () => {
    fc.assert(
      fc.property(item, item, (from, over) => {
        for (const field of binding.fields.filter(({ direction }) => direction !== "in")) {
          const value = field.get(from)
          const writes = value instanceof LensFailure ? value : field.put(value, over)
          if (value instanceof LensFailure || writes instanceof LensFailure) continue
          const after = withValues(over, writes)
          const back = field.get(after)
          expect(!(back instanceof LensFailure) && equal(back, value)).toBe(true)
          expect(field.put(value, after)).toEqual({})
          for (const path of Object.keys(writes)) expect(field.writes).toContain(path)
        }
      }),
    )
  })
})
