// What compiling needs from outside: the room reads no environment and no disk by itself.
import type { ConnectorDefinition } from "@syncline/connector"
import type { Report, Span } from "@syncline/connector/language"

export interface CompileEnv {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** A file beside the pipeline, by its relative path; links that leave the folder are the caller's to refuse. */
  readonly readFile: (relativePath: string) => string | { readonly error: string }
  readonly connector: (name: string) => ConnectorDefinition | undefined
  /** For hints. */
  readonly connectorNames: readonly string[]
}

export interface Context {
  readonly env: CompileEnv
  readonly report: Report
}

/** The text of a file inside the pipeline's folder, or `null` after a report. */
export function readBeside(context: Context, path: string, at: Span): { readonly path: string; readonly text: string } | null {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".")
  if (/^[/\\]|^[A-Za-z]:|\\|\0/.test(path) || parts.includes("..")) {
    context.report.error(at, `"${path}" is outside the pipeline's folder`, "files must lie beside the pipeline or below it")
    return null
  }
  const clean = parts.join("/")
  const found = context.env.readFile(clean)
  if (typeof found === "string") return { path: clean, text: found }
  context.report.error(at, `cannot read "${clean}": ${found.error}`, "the path counts from the pipeline's folder")
  return null
}
