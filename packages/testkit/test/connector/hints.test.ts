// Connectors that listen: a good one, and two that do it badly.
import { expect, test } from "vitest"
import { mockCrm } from "@syncline/mock-crm"
import type { Connector } from "@syncline/connector"
import { runChecks, type Conformance } from "../../src/connector/index.ts"
import { crm } from "./mocks.ts"
import { calling } from "./planted/plant.ts"

const listening = (listen: Connector["listen"]) => calling(() => (listen === undefined ? {} : { listen }))(mockCrm)

const told: Conformance = { ...crm, resources: { contacts: { ...crm.resources["contacts"], hints: true } } }

const untilStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))

test.for<[string, Connector["listen"], "holds" | "fails"]>([
  [
    "one that hears and stops holds",
    async (resources, heard, { signal }) => {
      const timer = setInterval(() => resources.forEach(heard), 10)
      await untilStopped(signal)
      clearInterval(timer)
    },
    "holds",
  ],
  ["one that ends by itself fails", async () => {}, "fails"],
  [
    "one that does not stop fails",
    (resources, heard) => {
      resources.forEach(heard)
      return new Promise(() => {})
    },
    "fails",
  ],
])("%s", async ([, listen, verdict]) => {
  const [result] = await runChecks(listening(listen), told, { only: ["hints-arrive"] })
  expect(result, result?.why ?? "").toMatchObject({ check: "hints-arrive", verdict })
})
