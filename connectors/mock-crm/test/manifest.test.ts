// The manifest is held to what the coded connector is held to: the same promises, and the same checks that they are kept.
import { manifestConnector } from "@syncline/testkit/connector"
import { connectorSuite } from "@syncline/testkit/connector-suite"
import { expect, test } from "vitest"
import { conformance } from "../conformance.ts"
import { mockCrm } from "../src/index.ts"

const manifest = manifestConnector(new URL("../mock-crm.connector.yaml", import.meta.url))

test("the manifest promises exactly what the code promises", () => {
  const config = { baseUrl: "http://127.0.0.1:1", clientId: "id", clientSecret: "secret" }
  expect(manifest.describe(config)).toEqual(mockCrm.describe(config))
  expect(manifest.http(config)).toMatchObject({ ...mockCrm.http(config), auth: { type: "oauth2ClientCredentials", clientId: "id" } })
  expect(manifest.http({ ...config, token: "t" }).auth).toEqual(mockCrm.http({ ...config, token: "t" }).auth)
})

connectorSuite(manifest, conformance, { title: "without code" })
