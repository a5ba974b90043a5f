// The connector of a manifest, for tests: `connectorSuite(manifestConnector(new URL("../acme.connector.yaml", import.meta.url)), conformance)`.
// Throws with everything that is wrong with the manifest, laid out with its places; warnings count as wrong.
import { readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { ConnectorDefinition } from "@syncline/connector"
import { renderDiagnostics } from "@syncline/connector/language"
import { compileManifest } from "@syncline/connector/manifest"

export function manifestConnector(file: URL): ConnectorDefinition {
  const path = fileURLToPath(file)
  const beside = (name: string): string => join(dirname(path), name)
  const { definition, diagnostics, sources } = compileManifest(readFileSync(path, "utf8"), {
    path: basename(path),
    readFile: (name) => readFileSync(beside(name), "utf8"),
    load: (name) => import(pathToFileURL(beside(name)).href),
  })
  if (definition !== null && diagnostics.length === 0) return definition
  throw new Error(`${basename(path)} has errors:\n${renderDiagnostics(diagnostics, sources, { color: false })}`)
}
