// `connector test`: every check of the conformance kit against one connector and the system beside it. Says of each whether
// it holds, fails (with the request and answer that show it) or was skipped (with the reason).
import type { Conformance, Result } from "@syncline/testkit/connector"
import { didYouMean } from "@syncline/connector/language"
import { createRedactor, FaultError, type ConnectorDefinition, type JsonObject } from "@syncline/connector"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure, usage } from "../failure.ts"
import { renderResult, renderResultArea, renderSummary } from "../render/connector-test.ts"
import type { Screen } from "../screen/screen.ts"
import { connectorAt } from "../wire/connector-at.ts"
import { viewOf } from "../wire/looking.ts"
import { secretsIn, standIns } from "../wire/settings.ts"

export interface ConnectorTestOptions {
  readonly only: readonly string[]
  readonly config: JsonObject
}

export async function connectorTest(screen: Screen, typed: string, { only, config }: ConnectorTestOptions): Promise<ExitCode> {
  const kit = await import("@syncline/testkit/connector")
  for (const name of only) {
    if (!kit.CHECK_NAMES.includes(name))
      throw usage(
        `There is no check ${name}.`,
        didYouMean(name, kit.CHECK_NAMES) ?? "Areas work as well: describe, auth, read, deletes, write, limits",
      )
  }
  const { definition, path, warnings } = await connectorAt(screen, typed)
  screen.hide(createRedactor(secretsIn(definition.configSchema, config)))
  if (warnings !== "") screen.note(warnings)
  const file = path === null ? null : kit.findConformance(path)
  let conformance: Conformance
  if (file !== null && path !== null) {
    conformance = await kit.loadConformance(path).catch((error: unknown) => {
      throw error instanceof kit.ConformanceError ? new CliFailure(EXIT.usage, error.message, { cause: error }) : error
    })
  } else conformance = bare(typed, definition, config)
  screen.out(
    `${screen.paint.bold(definition.name)}  ${screen.paint.dim(file === null ? "no conformance file: nothing is written, only what can be read is tried" : typed)}`,
  )
  const view = viewOf(screen)
  let area = ""
  const onResult = (result: Result): void => {
    const head = renderResultArea(result, view)
    if (head !== area) screen.out(`\n${head}`)
    area = head
    screen.out(renderResult(result, view).join("\n"))
  }
  const results = await kit.runChecks(definition, conformance, { only, config, onResult }).catch((error: unknown) => {
    if (error instanceof kit.ConformanceError || error instanceof CliFailure)
      throw new CliFailure(EXIT.usage, error.message, { cause: error })
    const what = error instanceof FaultError ? error.fault.message : error instanceof Error ? error.message : String(error)
    throw new CliFailure(EXIT.usage, `The system to try it on could not be had: ${what}`, {
      hint: "Look at `start` in the conformance file, or at the settings: --config name=value",
      cause: error,
    })
  })
  const count = (verdict: Result["verdict"]): number => results.filter((each) => each.verdict === verdict).length
  const summary = { holds: count("holds"), fails: count("fails"), skipped: count("skipped") }
  screen.out(["", renderSummary(summary, view)].join("\n"))
  screen.answer("connector test", { connector: definition.name, path: typed, conformance: file !== null, ...summary, results })
  return summary.fails === 0 ? EXIT.done : EXIT.attention
}

/** Nothing is known but the settings: what can be read is tried, and nothing is written. */
const bare = (typed: string, definition: ConnectorDefinition, config: JsonObject): Conformance => {
  if (Object.keys(config).length === 0)
    throw usage(
      `There is no conformance.ts or conformance.yaml beside ${typed}.`,
      "It says how to start a fake and what a valid item is (connectors/README.md). Or name a real system, which is only read then: --config baseUrl=… --config token=…",
    )
  const full = standIns(definition.configSchema, config)
  const resources = definition.describe(full).resources.map(({ name }) => [name, {}] as const)
  return { start: async () => ({ config: full }), resources: Object.fromEntries(resources) }
}
