import { describe, expect, it } from "vitest"
import { connected, contact } from "./connected.ts"
import { demoApp } from "../fake/index.ts"

// no token, so that the app's settings count
const asApp = () => connected({ seed: { contacts: [contact("1", { firstname: "Ada" })] } }, { token: "", ...demoApp })

describe("an app", () => {
  it("gets access for its refresh token once, however many calls begin together", async () => {
    const { connector, calls } = await asApp()
    await Promise.all(Array.from({ length: 5 }, () => connector.lookup("contacts", "id", ["1"])))
    expect(calls("/oauth/v1/token").length).toBe(1)
  })

  it("gets it anew when it has expired or was taken away", async () => {
    const { system, connector, calls } = await asApp()
    await connector.check()
    system.clock.advance(1_801_000)
    await connector.check()
    system.world.revoke()
    await connector.check()
    expect(calls("/oauth/v1/token").length).toBe(3)
  })

  it("with a wrong secret is told so, without the secret", async () => {
    const { connector } = await connected({}, { token: "", ...demoApp, clientSecret: "not-the-secret" })
    const refusal: unknown = await connector.check().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ fault: { class: "auth" } })
    expect(JSON.stringify(refusal)).not.toContain("not-the-secret")
  })
})
