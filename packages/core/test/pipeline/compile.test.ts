import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { compilePipeline, renderDiagnostics } from "../../src/pipeline/index.ts"
import type { Binding, Pipeline } from "../../src/model/pipeline.ts"
import { LensFailure } from "../../src/model/pipeline.ts"
import { emptied } from "../../src/pipeline/compile/place.ts"
import { envWith } from "./fake-connectors.ts"

const here = new URL("./good/", import.meta.url)
const schema = readFileSync(new URL("person.schema.json", here), "utf8")
const text = readFileSync(new URL("pipeline.yaml", here), "utf8")

function compile(change: (text: string) => string = (same) => same, variables: Record<string, string> = {}): Pipeline {
  const result = compilePipeline({ path: "pipeline.yaml", text: change(text) }, envWith({ "person.schema.json": schema }, variables))
  if (result.pipeline === null) throw new Error(renderDiagnostics(result.problems, result.sources))
  return result.pipeline
}

const binding = (pipeline: Pipeline, key: string): Binding => {
  const found = pipeline.entities[0]?.bindings.find((candidate) => candidate.key === key)
  if (found === undefined) throw new Error(`no ${key}`)
  return found
}

const put = (
  of: Binding,
  field: string,
  value: Parameters<Binding["fields"][number]["put"]>[0],
  seen: Parameters<Binding["fields"][number]["put"]>[1],
) => of.field(field)?.put(value, seen)

describe("the pipeline of the demo", () => {
  const pipeline = compile()
  const crm = binding(pipeline, "crm.contacts")
  const email = binding(pipeline, "email.members")

  it("compiles with one warning, for the remote status that the map leaves out", () => {
    const result = compilePipeline({ path: "pipeline.yaml", text }, envWith({ "person.schema.json": schema }))
    expect(result.problems.map((problem) => problem.message)).toEqual(['the map has no meaning for "pending"'])
  })

  it("takes settings from the environment and knows which of them are secret", () => {
    expect(pipeline.systems.map((system) => [system.name, system.config["baseUrl"], system.secrets])).toEqual([
      ["crm", "http://127.0.0.1:4010", ["crm-secret-token"]],
      ["email", "http://127.0.0.1:4020", ["email-secret-key"]],
    ])
    expect(compile(undefined, { CRM_URL: "http://crm.test" }).systems[0]?.config["baseUrl"]).toBe("http://crm.test")
  })

  it("reads an item into canonical values, and a blank is null however the system writes it", () => {
    const item = {
      email: " Jane@X.com ",
      first_name: "",
      last_name: null,
      phone: "(415) 555-0123",
      labels: ["b", "a", "b"],
      stage: "customer",
    }
    const read = Object.fromEntries(crm.fields.map((field) => [field.name, field.get(item)]))
    expect(read).toEqual({
      email: "jane@x.com",
      givenName: null,
      familyName: null,
      phone: "+14155550123",
      company: null,
      tags: ["a", "b"],
      consent: "subscribed",
    })
  })

  it("writes nothing where the item means the value already", () => {
    expect(put(crm, "email", "jane@x.com", { email: " Jane@X.com " })).toEqual({})
    expect(put(crm, "phone", "+14155550123", { phone: "(415) 555-0123" })).toEqual({})
    expect(put(crm, "tags", ["a", "b"], { labels: ["b", "a", "b"] })).toEqual({})
    expect(put(email, "consent", "unsubscribed", { status: "cleaned" })).toEqual({})
    expect(put(crm, "consent", "subscribed", { stage: "lead" })).toEqual({})
  })

  it("writes the paths that have to change", () => {
    expect(put(crm, "email", "joe@x.com", { email: " Jane@X.com " })).toEqual({ email: "joe@x.com" })
    expect(put(crm, "tags", ["a", "c"], { labels: ["b", "a"] })).toEqual({ labels: ["a", "c"] })
    expect(put(email, "consent", "unsubscribed", null)).toEqual({ status: "unsubscribed" })
    expect(put(crm, "consent", "unsubscribed", { stage: "lead", email_opt_out: false })).toEqual({ email_opt_out: true })
    expect(put(email, "givenName", "Jane", null)).toEqual({ "merge_fields.FNAME": "Jane" })
  })

  it("clears a value in the way that the system knows", () => {
    expect(put(crm, "givenName", null, { first_name: "Jane" })).toEqual({ first_name: null })
    expect(put(email, "givenName", null, { merge_fields: { FNAME: "Jane" } })).toEqual({ "merge_fields.FNAME": "" })
    expect(put(email, "givenName", null, { merge_fields: { FNAME: "" } })).toEqual({})
    expect(put(email, "tags", [], { tags: ["a"] })).toEqual({ tags: [] })
  })

  it("clears by an empty value of the type that stands there, also where a schema leaves the type open", () => {
    expect(["x", ["x"], 7, true, { a: 1 }].map(emptied)).toEqual(["", [], null, null, null])
  })

  it("says so where a value cannot be written so that it reads back as meant", () => {
    expect(put(crm, "consent", "subscribed", { stage: "lost", email_opt_out: true })).toBeInstanceOf(LensFailure)
    expect(put(email, "consent", "pending", { status: "subscribed" })).toBeInstanceOf(LensFailure)
    expect(put(crm, "email", "UPPER@X.com", null)).toBeInstanceOf(LensFailure)
  })

  it("keeps of an item what is mapped and nothing else", () => {
    const item = JSON.parse('{"id":"1","email":"a@x.com","account":{"name":"A","size":3},"stage":null,"__proto__":{"email":"evil"}}')
    expect(crm.project(item)).toEqual({ email: "a@x.com", account: { name: "A" } })
    expect(crm.project({ account: { size: 3 } })).toEqual({})
  })

  it("asks the filter who belongs to a system", () => {
    expect(email.accepts({ consent: "subscribed" }, false)).toBe(true)
    expect(email.accepts({ consent: "unsubscribed" }, false)).toBe(false)
    expect(email.accepts({}, true)).toBe(true)
    expect(crm.accepts({}, false)).toBe(true)
  })

  it("judges a record by schema and rules, a blank being absent", () => {
    const person = pipeline.entities[0]
    expect(person?.validate({ email: "a@x.com", givenName: null })).toEqual([])
    expect(person?.validate({ email: "nobody", givenName: null }).map((problem) => problem.field)).toEqual(["email"])
    expect(person?.validate({ email: null }).map((problem) => problem.message)).toEqual(['"email" is missing'])
    expect(person?.rules[0]?.check({ consent: "subscribed", email: null })).toBe(false)
    expect(person?.rules[0]?.check({ consent: "subscribed", email: "a@x.com" })).toBe(true)
  })

  it("knows policies, guards and schedule, and the defaults of what is not said", () => {
    const person = pipeline.entities[0]
    expect(person?.policy("phone")).toEqual({ kind: "review" })
    expect(person?.policy("company")).toEqual({ kind: "prefer", system: "crm" })
    expect(person?.policy("givenName")).toEqual({ kind: "newest", order: null })
    expect([person?.hasOwnPolicy("tags"), person?.hasOwnPolicy("givenName")]).toEqual([true, false])
    expect(pipeline.guards).toEqual({ delete: { max: 10, percent: 2 }, create: null, update: null })
    expect(pipeline.poll).toEqual({ everyMs: 30_000, idleMs: 300_000 })
    expect([crm.create, crm.leaving, crm.onDelete, email.onDelete]).toEqual([
      true,
      "keep",
      { kind: "propagate" },
      { kind: "archive", fields: null },
    ])
  })
})

describe("fingerprints", () => {
  const key = "email.members"
  const print = (change?: (text: string) => string) => binding(compile(change), key).fingerprint

  it("stay when only comments, white space or order change", () => {
    expect(print((t) => t.replace("familyName: merge_fields.LNAME", "familyName:   merge_fields.LNAME # surname"))).toBe(print())
    expect(
      print((t) =>
        t.replace(
          "          givenName:  merge_fields.FNAME\n          familyName: merge_fields.LNAME",
          "          familyName: merge_fields.LNAME\n          givenName:  merge_fields.FNAME",
        ),
      ),
    ).toBe(print())
    const expression = (t: string): string => t.replace('rec.stage == "lost" || rec.email_opt_out', 'rec.stage=="lost"||rec.email_opt_out')
    expect(binding(compile(expression), "crm.contacts").fingerprint).toBe(binding(compile(), "crm.contacts").fingerprint)
  })

  it("change with a path, a lens, its settings, or a direction", () => {
    const all = [
      print(),
      print((t) =>
        t
          .replace("merge_fields.LNAME", "merge_fields.COMPANY")
          .replace("company:    { path: merge_fields.COMPANY, direction: out }", "company: { path: merge_fields.LNAME, direction: out }"),
      ),
      print((t) => t.replace("email_address, as: [trim, lower]", "email_address, as: [lower]")),
      print((t) => t.replace("cleaned: unsubscribed", "pending: unsubscribed")),
      print((t) => t.replace("merge_fields.COMPANY, direction: out", "merge_fields.COMPANY")),
    ]
    expect(new Set(all).size).toBe(all.length)
  })
})
