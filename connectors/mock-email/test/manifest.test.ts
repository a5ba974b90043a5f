// The manifest is held to what the coded connector is held to: the same promises, and the same checks that they are kept.
import { manifestConnector } from "@syncline/testkit/connector"
import { connectorSuite } from "@syncline/testkit/connector-suite"
import { expect, test } from "vitest"
import { conformance } from "../conformance.ts"
import { mockEmail } from "../src/index.ts"

const manifest = manifestConnector(new URL("../mock-email.connector.yaml", import.meta.url))

test("the manifest promises what the code promises", () => {
  const config = { baseUrl: "http://127.0.0.1:1", apiKey: "key" }
  expect(manifest.describe(config)).toEqual(mockEmail.describe(config))
  expect(manifest.http(config)).toEqual(mockEmail.http(config))
})

connectorSuite(manifest, conformance, { title: "without code" })
