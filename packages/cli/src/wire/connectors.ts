// Connectors by the name a pipeline gives them: the built-in ones, an installed package, or a folder or file beside the
// pipeline. Each is a manifest, or a module that exports a ConnectorDefinition (as default, or as `connector`).
import { existsSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import type { ConnectorDefinition } from "@syncline/connector"
import { manifestAt, readManifest } from "./manifest.ts"
import { shareOwnPackages } from "./own-packages.ts"

const BUILT_IN: Readonly<Record<string, () => Promise<unknown>>> = {
  "mock-crm": () => import("@syncline/mock-crm"),
  "mock-email": () => import("@syncline/mock-email"),
  folder: () => import("@syncline/folder"),
  postgres: () => import("@syncline/postgres"),
}
/** Those that are manifests, found by `manifestAt`. */
const MANIFESTS = ["directus", "ghost", "hubspot", "mailchimp"]
export const BUILT_IN_NAMES: readonly string[] = [...Object.keys(BUILT_IN), ...MANIFESTS]

export type Resolved =
  /** `warnings`: what a manifest's lint says, laid out. */
  | { readonly ok: true; readonly connector: ConnectorDefinition; readonly warnings?: string }
  /** `problems`: everything that is wrong with a manifest, laid out with its places. */
  | { readonly ok: false; readonly why: string; readonly problems?: string }

export async function resolveConnector(name: string, folder: string, color = false): Promise<Resolved> {
  shareOwnPackages()
  try {
    const builtIn = BUILT_IN[name]
    const manifest = builtIn === undefined ? manifestAt(name, folder) : null
    if (manifest !== null) return await readManifest(manifest, color)
    const module: unknown = builtIn === undefined ? await import(entryOf(name, folder)) : await builtIn()
    const connector = definitionIn(module)
    return connector === null
      ? { ok: false, why: "its module exports no connector (as default, or as `connector`)" }
      : { ok: true, connector }
  } catch (error) {
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)
    const missing =
      error instanceof Error && "code" in error && (error.code === "MODULE_NOT_FOUND" || error.code === "ERR_MODULE_NOT_FOUND")
    return { ok: false, why: missing ? "no such package or folder" : message }
  }
}

function entryOf(name: string, folder: string): string {
  if (!name.startsWith(".") && !name.startsWith("/")) {
    // As seen from the pipeline, so that a project's own packages are found.
    return pathToFileURL(createRequire(join(folder, "pipeline.yaml")).resolve(name)).href
  }
  const path = resolve(folder, name)
  if (!existsSync(path) || !statSync(path).isDirectory()) return pathToFileURL(path).href
  const candidates = ["src/index.ts", "index.ts", "index.js", "index.mjs"].map((each) => join(path, each))
  const manifest = join(path, "package.json")
  // A folder is asked for by its path, where `exports` of its package.json count for nothing.
  const entry = candidates.find((each) => existsSync(each)) ?? (existsSync(manifest) ? createRequire(manifest).resolve(path) : undefined)
  return pathToFileURL(entry ?? join(path, "index.js")).href
}

/** Any exported object of the right shape; its deeper shape is the conformance kit's business. */
function definitionIn(module: unknown): ConnectorDefinition | null {
  if (typeof module !== "object" || module === null) return null
  const exported = new Map<string, unknown>(Object.entries(module))
  for (const candidate of [exported.get("default"), exported.get("connector"), ...exported.values()])
    if (isDefinition(candidate)) return candidate
  return null
}

const isDefinition = (value: unknown): value is ConnectorDefinition =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  typeof value.name === "string" &&
  "configSchema" in value &&
  typeof value.configSchema === "object" &&
  "describe" in value &&
  typeof value.describe === "function" &&
  "http" in value &&
  typeof value.http === "function" &&
  "open" in value &&
  typeof value.open === "function"
