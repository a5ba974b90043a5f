import { describe, expect, it } from "vitest"
import { mockEmail } from "../../src/index.ts"
import { connect } from "./connected.ts"

const config = { baseUrl: "http://127.0.0.1:1", apiKey: "secret" }

describe("the e-mail connector", () => {
  it("describes the same each time, and without contact ids names no stable id", () => {
    expect(mockEmail.describe(config)).toEqual(mockEmail.describe(config))
    const [members] = mockEmail.describe(config).resources
    expect(members).toMatchObject({
      name: "members",
      id: { stable: false, secondary: "contact_id" },
      version: { kind: "timestamp", resolutionMs: 1000 },
    })
    const [bare] = mockEmail.describe({ ...config, exposeContactId: false }).resources
    expect(bare?.id).toEqual({ stable: false })
    expect(bare?.read.lookup?.by).toEqual(["id", "email"])
  })

  it("marks the key as a secret", () => {
    expect(mockEmail.configSchema["properties"]).toMatchObject({ apiKey: { writeOnly: true } })
    expect(() => mockEmail.describe({ apiKey: "secret" })).toThrow(/needs baseUrl/)
  })

  it("check tells a wrong key from a platform that is not there", async () => {
    const wrong = await connect({}, { apiKey: "wrong-key" })
    try {
      await expect(wrong.connector.check()).rejects.toMatchObject({
        fault: { class: "auth", message: expect.not.stringContaining("wrong-key") },
      })
    } finally {
      await wrong.close()
    }
    const away = await connect({}, { baseUrl: "http://127.0.0.1:1" })
    try {
      await expect(away.connector.check()).rejects.toMatchObject({ fault: { class: "transient" } })
    } finally {
      await away.close()
    }
  })

  it("check says so when the account hides the contact ids that the pipeline counts on", async () => {
    const hidden = await connect({ exposeContactId: false })
    try {
      await expect(hidden.connector.check()).rejects.toThrow(/set exposeContactId to false/)
    } finally {
      await hidden.close()
    }
    const open = await connect()
    try {
      await expect(open.connector.check()).resolves.toBeUndefined()
      await expect(open.connector.pull("contacts", { mode: "delta", cursor: null, limit: 1 })).rejects.toThrow(/no resource contacts/)
    } finally {
      await open.close()
    }
  })
})
