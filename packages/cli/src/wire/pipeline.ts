// From a file on disk to a compiled pipeline: connectors found by name, the environment, files beside it. A pipeline that
// is wrong is refused with everything that is wrong with it, laid out by the compiler.
import { readFileSync } from "node:fs"
import { dirname } from "node:path"
import { createRedactor, type ConnectorDefinition } from "@syncline/connector"
import { compilePipeline, renderDiagnostics, type Diagnostic, type Pipeline } from "@syncline/core"
import { EXIT } from "../exit.ts"
import { CliFailure } from "../failure.ts"
import { plural } from "../render/count.ts"
import type { Screen } from "../screen/screen.ts"
import { BUILT_IN_NAMES, resolveConnector } from "./connectors.ts"
import type { Located } from "./locate.ts"
import { connectorNames } from "./outline.ts"
import { fileReader } from "./reader.ts"

export interface ReadPipeline {
  /** null: there is an error among the problems. */
  readonly pipeline: Pipeline | null
  readonly problems: readonly Diagnostic[]
  readonly rendered: string
}

export async function readPipeline(screen: Screen, located: Located): Promise<ReadPipeline> {
  const text = readFileSync(located.path, "utf8")
  const folder = dirname(located.path)
  const found = new Map<string, ConnectorDefinition>()
  const refused: string[] = []
  const warnings: string[] = []
  for (const name of connectorNames(text)) {
    const resolved = await resolveConnector(name, folder, screen.paint.isColorSupported)
    if (resolved.ok) {
      found.set(name, resolved.connector)
      if (resolved.warnings !== undefined) warnings.push(resolved.warnings)
    } else refused.push(resolved.problems ?? `the connector ${name} cannot be loaded: ${resolved.why}`)
  }
  const read = fileReader(folder)
  const { pipeline, problems, sources } = compilePipeline(
    { path: located.shown, text },
    {
      variables: screen.shell.env,
      readFile: (path) => {
        const file = read(path)
        return file.ok ? file.text : { error: file.why }
      },
      connector: (name) => found.get(name),
      connectorNames: BUILT_IN_NAMES,
    },
  )
  for (const system of pipeline?.systems ?? []) screen.hide(createRedactor(system.secrets))
  const told = renderDiagnostics(problems, sources, { color: screen.paint.isColorSupported })
  const rendered = [told, ...(pipeline === null ? refused : []), ...warnings].filter((part) => part !== "").join("\n\n")
  return { pipeline, problems, rendered }
}

export async function loadPipeline(screen: Screen, located: Located): Promise<Pipeline> {
  const read = await readPipeline(screen, located)
  if (read.pipeline === null) throw wrongPipeline(located, read)
  return read.pipeline
}

export function wrongPipeline(located: Located, { problems, rendered }: ReadPipeline): CliFailure {
  const errors = problems.filter((problem) => problem.severity === "error").length
  return new CliFailure(EXIT.usage, `${located.shown} has ${plural(errors, "error")}.`, { preface: rendered, details: { problems } })
}
