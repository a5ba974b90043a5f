// `connector describe`: what a connector can do, in words, and what can be promised with it. Makes no call.
import { FaultError, type JsonObject } from "@syncline/connector"
import { promisesOf } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure } from "../failure.ts"
import { renderDescription } from "../render/connector-describe.ts"
import type { Screen } from "../screen/screen.ts"
import { connectorAt } from "../wire/connector-at.ts"
import { viewOf } from "../wire/looking.ts"
import { standIns } from "../wire/settings.ts"

export async function connectorDescribe(screen: Screen, typed: string, { config }: { readonly config: JsonObject }): Promise<ExitCode> {
  const { definition, warnings } = await connectorAt(screen, typed)
  if (warnings !== "") screen.note(warnings)
  const full = standIns(definition.configSchema, config)
  let told: ReturnType<typeof definition.describe>
  let limits: ReturnType<typeof definition.http>["limits"]
  try {
    told = definition.describe(full)
    ;({ limits } = definition.http(full))
  } catch (error) {
    const why = error instanceof FaultError ? error.fault.message : error instanceof Error ? error.message : String(error)
    throw new CliFailure(EXIT.usage, `${definition.name} cannot be described with these settings: ${why}`, {
      hint: "Name them: --config name=value",
      cause: error,
    })
  }
  const resources = told.resources.map((spec) => ({ ...spec, guarantees: promisesOf(spec) }))
  const description = { connector: definition.name, title: told.title, limits, settings: definition.configSchema, resources }
  screen.out(renderDescription(description, viewOf(screen)).join("\n"))
  if (resources.length === 0) screen.note("What it can read and write depends on its settings. Name them: --config name=value")
  screen.answer("connector describe", description)
  return EXIT.done
}
