// The conformance suite of connectors: every check of the kit as a test of its own, against one running system.
// A connector's whole test is one call: `connectorSuite(acme, conformance)`.
import type { ConnectorDefinition } from "@syncline/connector"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Conformance } from "./connector/conduct.ts"
import type { Result } from "./connector/run-checks.ts"
import { trialsOf, tryCheck } from "./connector/run-checks.ts"
import { openSession, type Session } from "./connector/stand/session.ts"

export interface ConnectorSuiteOptions {
  /** Names of checks or areas; all of them by default. */
  readonly only?: readonly string[]
  /** Beside the connector's name: which of several ways it is tried. */
  readonly title?: string
}

export function connectorSuite(
  definition: ConnectorDefinition,
  conformance: Conformance,
  { only = [], title }: ConnectorSuiteOptions = {},
): void {
  describe(`connector ${definition.name}${title === undefined ? "" : `, ${title}`}`, () => {
    let session: Session
    beforeAll(async () => {
      session = await openSession(definition, conformance)
    })
    afterAll(async () => session?.close())
    for (const trial of trialsOf(Object.keys(conformance.resources), only)) {
      const about = trial.check.scope === "system" ? "" : `${trial.resource}: `
      test(`${about}${trial.check.says} (${trial.check.name})`, async (context) => {
        const result = await tryCheck(session, trial)
        if (result.verdict === "skipped") return context.skip(result.why ?? "")
        expect(result.verdict, sayFailure(result)).toBe("holds")
      })
    }
    test("every resource that it describes is tried", () => {
      expect(Object.keys(conformance.resources).toSorted()).toEqual(session.description.resources.map(({ name }) => name).toSorted())
    })
  })
}

const sayFailure = ({ check, why, evidence }: Result): string =>
  [
    `${check}: ${why ?? ""}`,
    ...(evidence?.exchanges ?? []).flatMap(({ request, requestBody, answer, answerBody, deed }) => [
      `  > ${request} ${requestBody}`,
      `  < ${answer} ${answerBody}${deed === null ? "" : `  [${deed}]`}`,
    ]),
    ...(evidence?.call == null ? [] : [`  ${evidence.call.call} ${evidence.call.asked}`, `  = ${evidence.call.ended}`]),
  ].join("\n")
