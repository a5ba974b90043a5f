import { describe, expect, it } from "vitest"
import { compilePipeline, renderDiagnostics } from "../../src/pipeline/index.ts"
import { BASE } from "./base.ts"
import { envWith } from "./fake-connectors.ts"

function crm(token: string, more = "", files: Record<string, string> = {}, variables: Record<string, string> = {}) {
  const text = BASE.replace('token: "${CRM_TOKEN}"', () => `token: ${token}${more}`)
  const result = compilePipeline({ path: "pipeline.yaml", text }, envWith(files, variables))
  return { system: result.pipeline?.systems[0], told: renderDiagnostics(result.problems, result.sources), problems: result.problems }
}

describe("the settings of a system", () => {
  it("take what is not set from the default, and $${ as it stands", () => {
    expect(crm('"${NOWHERE:-fallback}"').system?.config["token"]).toBe("fallback")
    expect(crm('"a$${CRM_TOKEN}"').system?.config["token"]).toBe("a${CRM_TOKEN}")
    const { system } = crm('"x-${CRM_TOKEN}-y"')
    expect([system?.config["token"], system?.secrets]).toEqual(["x-crm-secret-token-y", ["x-crm-secret-token-y", "crm-secret-token"]])
  })

  it("take a secret from a file, without the line break at its end", () => {
    const { system } = crm('"${file:keys/token.txt}"', "", { "keys/token.txt": "from-file\n" })
    expect([system?.config["token"], system?.secrets]).toEqual(["from-file", ["from-file"]])
  })

  it("read a text from the environment as a number where the connector wants one", () => {
    expect(crm('"${CRM_TOKEN}"', ', pageSize: "${SIZE}"', {}, { SIZE: "50" }).system?.config["pageSize"]).toBe(50)
    expect(crm('"${CRM_TOKEN}"', ', pageSize: "${SIZE}"', {}, { SIZE: "many" }).problems[0]?.message).toContain("must be a whole number")
  })

  it("never show a secret, neither one that stands in the file nor one from outside", () => {
    const literal = crm("sk-live-12345", ", pageSize: none")
    expect(literal.told).toContain("a secret stands in the file")
    expect(literal.told).not.toContain("sk-live")
    expect(literal.system).toBeUndefined()
    const numeric = crm("123456789")
    expect(numeric.told).toContain('config of crm: "token" must be a text')
    expect(numeric.told).not.toContain("123456789")
  })

  it("are looked at all at once: every missing variable is named", () => {
    const text = BASE.replaceAll("_TOKEN", "_TOKEN_A").replaceAll("EMAIL_KEY", "MAIL_KEY_A")
    const { problems } = compilePipeline({ path: "pipeline.yaml", text }, envWith())
    expect(problems.map((problem) => problem.message)).toEqual([
      "the environment variable CRM_TOKEN_A is not set",
      "the environment variable MAIL_KEY_A is not set",
    ])
  })
})
