// Connectors that are manifests: where a name leads to one, and what its compiler says of it.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs"
import { findPackageJSON } from "node:module"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Resolved } from "./connectors.ts"
import { fileReader } from "./reader.ts"

const IS_MANIFEST = /(?:^|\.)connector\.ya?ml$/

export interface ManifestFile {
  readonly path: string
  /** As messages name it: from the pipeline's folder, if it lies there. */
  readonly shown: string
}

/** The manifest that a connector's name leads to: a file, or the one in a folder or an installed package; null: it is no manifest. */
export function manifestAt(name: string, folder: string): ManifestFile | null {
  const isPath = name.startsWith(".") || name.startsWith("/")
  // A plain name is a connector that comes with Syncline, or an installed package, as seen from the pipeline: somebody's client
  // library of the same name means nothing.
  const path = isPath
    ? resolve(folder, name)
    : (packageFolder(`@syncline/${name}`, fileURLToPath(import.meta.url)) ?? packageFolder(name, join(folder, "pipeline.yaml")))
  if (path === null || !existsSync(path)) return null
  const about = statSync(path)
  if (about.isFile()) return /\.ya?ml$/.test(path) ? shown(path, folder) : null
  if (!about.isDirectory()) return null
  const [first, ...others] = readdirSync(path)
    .filter((file) => IS_MANIFEST.test(file))
    .sort()
  if (first === undefined) return null
  if (others.length > 0) throw new Error(`there are several manifests in it (${[first, ...others].join(", ")}): name one of them`)
  return shown(join(path, first), folder)
}

function packageFolder(name: string, from: string): string | null {
  try {
    const found = findPackageJSON(name, pathToFileURL(from))
    return found === undefined ? null : dirname(found)
  } catch {
    return null
  }
}

function shown(path: string, folder: string): ManifestFile {
  const near = relative(folder, path)
  return { path, shown: near.startsWith("..") ? path : near }
}

export async function readManifest({ path, shown }: ManifestFile, color: boolean): Promise<Resolved> {
  // Loaded when it is needed: most commands and most pipelines never see a manifest.
  const [{ compileManifest }, { renderDiagnostics }] = await Promise.all([
    import("@syncline/connector/manifest"),
    import("@syncline/connector/language"),
  ])
  const folder = dirname(realpathSync(path))
  const read = fileReader(folder)
  const { definition, diagnostics, sources } = compileManifest(readFileSync(path, "utf8"), {
    path: shown,
    readFile: (file) => {
      const found = read(file)
      return found.ok ? found.text : { error: found.why }
    },
    show: (file) => join(dirname(shown), file),
    load: (file) => {
      const found = read(file)
      return found.ok ? import(pathToFileURL(join(folder, file)).href) : Promise.reject(new Error(`${file} cannot be loaded: ${found.why}`))
    },
  })
  const told = diagnostics.filter((problem) => definition === null || problem.severity === "warning")
  const rendered = renderDiagnostics(told, sources, { color })
  if (definition !== null) return { ok: true, connector: definition, ...(rendered === "" ? {} : { warnings: rendered }) }
  return { ok: false, why: `its manifest ${shown} has errors`, problems: rendered }
}
