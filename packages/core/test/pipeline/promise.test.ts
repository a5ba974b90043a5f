import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { checkLensLaws, compilePipeline, describeGuarantees, type Pipeline } from "../../src/index.ts"
import { BASE } from "./base.ts"
import { envWith } from "./fake-connectors.ts"

function compile(text: string): Pipeline {
  const schema = readFileSync(new URL("good/person.schema.json", import.meta.url), "utf8")
  const { pipeline, problems } = compilePipeline({ path: "pipeline.yaml", text }, envWith({ "person.schema.json": schema }))
  if (pipeline === null) throw new Error(problems.map((problem) => problem.message).join())
  return pipeline
}

const withConsent = (rule: string): string =>
  BASE.replace("          givenName: first_name\n", `          givenName: first_name\n          consent: ${rule}\n`)

describe("the lens laws of a pipeline", () => {
  it("hold for the pipeline of the demo, but for the value that the CRM cannot express", () => {
    const findings = checkLensLaws(compile(readFileSync(new URL("good/pipeline.yaml", import.meta.url), "utf8")))
    expect(findings.map(({ binding, field, law }) => [binding, field, law])).toEqual([
      ["crm.contacts", "consent", "unachievable"],
      ["email.members", "consent", "unachievable"],
    ])
  })

  it("find a put that does not say what get reads", () => {
    const rule = `{ get: 'rec.email_opt_out == true ? "unsubscribed" : "subscribed"', put: { email_opt_out: 'value == "subscribed"' } }`
    const [finding] = checkLensLaws(compile(withConsent(rule)))
    expect(finding).toMatchObject({ binding: "crm.contacts", field: "consent", law: "unachievable" })
    expect(finding?.message).toContain("would read back as")
  })

  it("count the real items that a rule cannot read", () => {
    const text = BASE.replace("givenName: first_name", "givenName: { path: phone, as: [{ e164: US }] }")
    const items = [{ phone: "415 555 0123" }, { phone: "ask Bob" }, { phone: null }, { phone: "n/a" }]
    const findings = checkLensLaws(compile(text), { "crm.contacts": items }).filter(({ law }) => law === "unreadable")
    expect(findings).toEqual([
      {
        binding: "crm.contacts",
        field: "givenName",
        law: "unreadable",
        message: '"ask Bob" is not a phone number (region US)',
        count: 2,
        tried: 4,
      },
    ])
  })
})

describe("what a system can promise", () => {
  const lacking = (system: string): string[] =>
    describeGuarantees(compile(BASE))
      .filter((guarantee) => guarantee.system === system && !guarantee.held)
      .map(({ topic }) => topic)

  it("follows from what its connector declares", () => {
    expect(lacking("crm")).toEqual(["known normalisation"])
    expect(lacking("email")).toEqual(["compare-and-set", "known normalisation", "fine times", "delete feed", "lag"])
  })

  it("is said in words", () => {
    const sentence = describeGuarantees(compile(BASE)).find(
      ({ system, topic }) => system === "email" && topic === "compare-and-set",
    )?.sentence
    expect(sentence).toBe("an edit between our read and our write can be lost")
  })
})
