// A connector by what was typed: a folder, a manifest or a module, or else the name of one that is installed or comes with
// Syncline.
import { existsSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import type { ConnectorDefinition } from "@syncline/connector"
import { EXIT } from "../exit.ts"
import { CliFailure, usage } from "../failure.ts"
import type { Screen } from "../screen/screen.ts"
import { BUILT_IN_NAMES, resolveConnector } from "./connectors.ts"

export interface ConnectorAt {
  readonly definition: ConnectorDefinition
  /** Where it lies; null for one that goes by its name. */
  readonly path: string | null
  /** What a manifest's lint says. */
  readonly warnings: string
}

export async function connectorAt(screen: Screen, typed: string): Promise<ConnectorAt> {
  const whole = resolve(screen.shell.cwd, typed)
  const there = existsSync(whole)
  const isPath = there || /^[./]|\/|\.(?:ya?ml|ts|js|mjs)$/.test(typed)
  if (isPath && !there)
    throw usage(`There is no file or folder ${typed}.`, `Connectors that come with Syncline go by their name: ${BUILT_IN_NAMES.join(", ")}`)
  const folder = isPath ? (statSync(whole).isDirectory() ? whole : dirname(whole)) : screen.shell.cwd
  const found = await resolveConnector(isPath ? whole : typed, folder, screen.paint.isColorSupported)
  if (!found.ok) {
    const message = `${typed} is no connector that works: ${found.why}.`
    throw found.problems === undefined ? usage(message) : new CliFailure(EXIT.usage, message, { preface: found.problems })
  }
  return { definition: found.connector, path: isPath ? whole : null, warnings: found.warnings ?? "" }
}
