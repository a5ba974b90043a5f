// Files that a manifest names: inside its own folder, or nothing.
import type { Report, Span } from "../../language/index.ts"
import type { CompileEnv } from "./compile.ts"

/** The text of a file beside the manifest, or `null` after a report. */
export function readBeside(
  env: CompileEnv,
  path: string,
  at: Span,
  report: Report,
): { readonly path: string; readonly text: string } | null {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".")
  if (/^[/\\]|^[A-Za-z]:|\\|\0/.test(path) || parts.includes("..")) {
    report.error(at, `"${path}" is outside the manifest's folder`, "files must lie beside the manifest or below it")
    return null
  }
  const clean = parts.join("/")
  const found = env.readFile(clean)
  if (typeof found === "string") return { path: env.show?.(clean) ?? clean, text: found }
  report.error(at, `cannot read "${clean}": ${found.error}`, "the path counts from the manifest's folder")
  return null
}
