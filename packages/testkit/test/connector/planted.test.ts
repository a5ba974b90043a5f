// The kit is tried, too: good connectors into which one fault each was planted. Every fault is found by the check that is
// there for it, with something to show; the same connectors without it pass everything (their own suites say so).
import { describe, expect, test } from "vitest"
import { mockCrm } from "@syncline/mock-crm"
import { mockEmail } from "@syncline/mock-email"
import { CHECK_NAMES, runChecks } from "../../src/connector/index.ts"
import { crm, email } from "./mocks.ts"
import { describeFaults } from "./planted/describe-faults.ts"
import { readFaults } from "./planted/read-faults.ts"
import { writeFaults } from "./planted/write-faults.ts"
import { batchFaults } from "./planted/batch-faults.ts"
import { doubtFaults } from "./planted/doubt-faults.ts"
import { lookupFaults } from "./planted/lookup-faults.ts"

const GOOD = { crm: { connector: mockCrm, conformance: crm }, email: { connector: mockEmail, conformance: email } }
const FAULTS = [...describeFaults, ...readFaults, ...lookupFaults, ...writeFaults, ...batchFaults, ...doubtFaults]

describe("a connector with a fault fails the check that is there for it", () => {
  test.for(FAULTS)("$fault ($check, $in)", async (planted) => {
    const { connector, conformance } = GOOD[planted.in]
    expect(CHECK_NAMES).toContain(planted.check)
    const [result] = await runChecks(planted.plant(connector), conformance, { only: [planted.check] })
    expect(result, result?.why ?? "").toMatchObject({ check: planted.check, verdict: "fails" })
    expect(result?.why).not.toBe("")
    expect(result?.evidence).not.toBeNull()
  })
})
