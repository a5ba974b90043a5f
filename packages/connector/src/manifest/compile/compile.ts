// Manifest text in, connector out, or everything that is wrong with it. Never throws on what a user wrote.
import type { ConnectorDefinition } from "../../contract.ts"
import { didYouMean, parseYaml, Report, type Diagnostic, type FileKind, type Sources } from "../../language/index.ts"
import { gatheredIn } from "../language/gathered.ts"
import { manifest as language, type ManifestPart } from "../language/manifest.ts"
import { definitionOf } from "../open.ts"
import type { Manifest } from "../spec/index.ts"
import { compileConfig } from "./config.ts"
import { lint } from "../lint/lint.ts"
import { mendCuts } from "./mend-cuts.ts"
import { readBeside } from "./read-beside.ts"
import { compileResource } from "./resource.ts"

export interface CompileEnv {
  /** As messages name the manifest. */
  readonly path: string
  /** A file beside the manifest, by its relative path; links that leave the folder are the caller's to refuse. */
  readonly readFile: (relativePath: string) => string | { readonly error: string }
  /** How messages name a file beside the manifest; its relative path, unless said. */
  readonly show?: (relativePath: string) => string
  /** Loads a module beside the manifest, for `code: ./file.ts#fn`; without it, such a manifest is refused. */
  readonly load?: (relativePath: string) => Promise<unknown>
}

export interface CompiledManifest {
  /** `null` where there is an error. */
  readonly definition: ConnectorDefinition | null
  readonly manifest: Manifest | null
  readonly diagnostics: readonly Diagnostic[]
  /** The texts that the diagnostics point into. */
  readonly sources: Sources
}

const MANIFEST_FILE: FileKind = {
  noun: "manifest",
  begins: 'a manifest starts with "manifest: 1"; `syncline connector new` writes one to start from',
}

export function compileManifest(text: string, env: CompileEnv): CompiledManifest {
  const report = new Report()
  const done = (manifest: Manifest | null): CompiledManifest => {
    const good = report.failed ? null : manifest
    return {
      definition: good === null ? null : definitionOf(good, env),
      manifest: good,
      diagnostics: report.list(),
      sources: report.sources,
    }
  }
  const node = parseYaml(env.path, text, report, MANIFEST_FILE)
  if (node === null) return done(null)
  const part = language.read(mendCuts(node, text, report), report)
  if (part === undefined) return done(null)
  return done(compileParts(part, env, report))
}

function compileParts(part: ManifestPart, env: CompileEnv, report: Report): Manifest | null {
  const { fields } = part
  const resources = (fields.resources ?? []).flatMap((item) => compileResource(item, env, report) ?? [])
  const names = (fields.resources ?? []).map((item) => item.key)
  for (const item of fields.resources ?? []) {
    const parent = item.value?.fields.parent?.fields.resource
    if (parent !== undefined && (!names.includes(parent.value) || parent.value === item.key))
      report.error(
        parent.at,
        `"${parent.value}" is no other resource of this manifest`,
        didYouMean(
          parent.value,
          names.filter((name) => name !== item.key),
        ),
      )
  }
  const gathered = gatheredIn(report)
  const configSchema = compileConfig(fields.config, gathered, report)
  for (const { ref, at } of gathered.code) {
    if (env.load === undefined) report.error(at, "code cannot be loaded here", null)
    else readBeside(env, ref.file, at, report)
  }
  if (fields.id === undefined || fields.baseUrl === undefined) return null
  const compiled: Manifest = {
    id: fields.id.value,
    title: fields.title?.value ?? fields.id.value,
    baseUrl: fields.baseUrl,
    configSchema,
    auth: fields.auth ?? { type: "none" },
    limits: fields.limits ?? { windows: [], concurrency: null, headers: { remaining: null, reset: null, retryAfter: null } },
    timeoutMs: fields.timeout ?? null,
    errors: fields.errors ?? [],
    headers: fields.headers ?? {},
    check: fields.check ?? null,
    resources,
    webhooks: fields.webhooks ?? null,
  }
  // In a file with errors what looks wrong may only be missing.
  if (!report.failed) lint(part.node, compiled, report)
  return compiled
}
