// What the manifest says of webhooks, held against a call as HubSpot makes it.
import { createHmac } from "node:crypto"
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { compileManifest } from "@syncline/connector/manifest"
import { demoApp } from "../fake/index.ts"
import { connected, contact } from "./connected.ts"

const file = new URL("../hubspot.connector.yaml", import.meta.url)
const beside = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), "utf8")
const { manifest } = compileManifest(readFileSync(file, "utf8"), { path: "hubspot.connector.yaml", readFile: beside })
const webhooks = manifest?.webhooks
const URL_CALLED = "https://sync.example/hooks/hubspot?x=1"

const delivered = async () => {
  const { system } = await connected({ seed: { contacts: [contact("1", {}), contact("2", {})], companies: [contact("7", {})] } })
  const since = { contacts: system.world.contacts.seq(), companies: system.world.companies.seq() }
  system.world.update("contacts", "1", { city: "Lund" })
  system.world.archive("contacts", "2")
  system.world.update("companies", "7", { city: "Lund" })
  return system.world.delivery(since, URL_CALLED)
}

describe("a webhook call", () => {
  it("is signed as the manifest says", async () => {
    const { method, url, headers, body } = await delivered()
    const verify = webhooks?.verify
    if (verify?.type !== "hmac") throw new Error("an HMAC is expected")
    const timestamp = headers[verify.timestamp?.header ?? ""] ?? ""
    const signed = (raw: string) => verify.payload?.run({ method, url, raw, timestamp, headers: { ...headers } })
    const signatureOf = (raw: string) =>
      createHmac(verify.algorithm, String(verify.key.run({ clientSecret: demoApp.clientSecret })))
        .update(String(signed(raw)))
        .digest(verify.encoding)
    expect(headers[verify.header]).toBe(signatureOf(body))
    expect(headers[verify.header]).not.toBe(signatureOf(body.replace("1", "3")))
    expect(verify.timestamp?.toleranceMs).toBe(300_000)
  })

  it("tells which items to look at", async () => {
    const { body } = await delivered()
    const extract = webhooks?.extract
    const scope = { body: JSON.parse(body), headers: {}, query: {} }
    const events: unknown = extract?.each.run(scope)
    if (extract === undefined || !Array.isArray(events)) throw new Error("a list of events is expected")
    expect(events.map((event) => [extract.resource, extract.id, extract.kind].map((value) => value?.run({ ...scope, event })))).toEqual([
      ["contacts", "1", "upsert"],
      ["contacts", "2", "delete"],
      ["companies", "7", "upsert"],
    ])
  })
})
