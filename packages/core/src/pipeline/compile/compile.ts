// Pipeline text in, compiled pipeline out, or everything that is wrong with it. Never throws on what a user wrote.
import type { Guard, Pipeline } from "../../model/pipeline.ts"
import { pipeline as language, type PipelinePart } from "../language/pipeline.ts"
import { type Diagnostic, type FileKind, parseYaml, Report, type Sources, toJson } from "@syncline/connector/language"
import type { CompileEnv, Context } from "./context.ts"
import { compileEntity } from "./entity.ts"
import { fingerprint } from "./fingerprint.ts"
import { compileReviews } from "./reviews.ts"
import { compileSystems } from "./system.ts"
import { newAjv } from "./validator.ts"

export interface CompileResult {
  /** `null` where there is an error. */
  readonly pipeline: Pipeline | null
  readonly problems: readonly Diagnostic[]
  /** The texts that the problems point into. */
  readonly sources: Sources
}

const PIPELINE_FILE: FileKind = {
  noun: "pipeline",
  begins: 'a pipeline starts with "version: 1"; `syncline init` writes one to start from',
}
const DEFAULT_DELETE_GUARD: Guard = { max: 10, percent: 2 }
const DEFAULT_RETRY_MS = [0, 1_000, 5_000, 30_000, 300_000, 900_000]

export function compilePipeline(source: { readonly path: string; readonly text: string }, env: CompileEnv): CompileResult {
  const report = new Report()
  const done = (pipeline: Pipeline | null): CompileResult => ({
    pipeline: report.failed ? null : pipeline,
    problems: report.list(),
    sources: report.sources,
  })
  const node = parseYaml(source.path, source.text, report, PIPELINE_FILE)
  if (node === null) return done(null)
  const part = language.read(node, report)
  if (part === undefined) return done(null)

  const context: Context = { env, report }
  const ajv = newAjv()
  const systems = compileSystems(part, context, ajv)
  const systemNames = part.fields.systems?.map((item) => item.key) ?? null
  const entities = (part.fields.entities ?? []).flatMap((item) => {
    if (item.value === undefined) return []
    const entity = compileEntity({ name: item.key, nameAt: item.keyAt, part: item.value, systems, systemNames, context, ajv })
    return entity === null ? [] : [entity]
  })
  checkUse(part, report)
  const guards = part.fields.guards?.fields
  const schedule = part.fields.schedule?.fields
  return done({
    name: part.fields.name?.value ?? "",
    systems,
    entities,
    guards: {
      delete: guard(guards?.delete?.fields) ?? DEFAULT_DELETE_GUARD,
      create: guard(guards?.create?.fields),
      update: guard(guards?.update?.fields),
    },
    reviews: compileReviews(part.fields.reviews?.fields, systemNames, report),
    poll: { everyMs: schedule?.poll?.fields.every ?? 30_000, idleMs: schedule?.poll?.fields.idle ?? 300_000 },
    verifyCron: schedule?.verify?.value ?? null,
    retryDelaysMs: part.fields.retry ?? DEFAULT_RETRY_MS,
    fingerprint: fingerprint([
      toJson(node),
      ...entities.map((entity) => [entity.schema, entity.bindings.map((binding) => binding.fingerprint)]),
    ]),
  })
}

/** What is not said of a guard is no bound of its own: the larger of the two counts. */
function guard(
  fields: { readonly max: { readonly value: number } | undefined; readonly percent: { readonly value: number } | undefined } | undefined,
): Guard | null {
  return fields === undefined ? null : { max: fields.max?.value ?? 0, percent: fields.percent?.value ?? 0 }
}

/** A system that no entity is bound to is a mistake or a leftover; one resource has one owner. */
function checkUse(part: PipelinePart, report: Report): void {
  const owners = new Map<string, string>()
  for (const entity of part.fields.entities ?? []) {
    for (const binding of entity.value?.fields.bindings ?? []) {
      const owner = owners.get(binding.key)
      if (owner !== undefined)
        report.error(binding.keyAt, `${binding.key} is bound to "${owner}" already`, "one resource belongs to one entity")
      owners.set(binding.key, entity.key)
    }
  }
  // In a file with errors what seems unused may only be misspelt.
  if (report.failed) return
  for (const system of part.fields.systems ?? []) {
    if (![...owners.keys()].some((key) => key.startsWith(`${system.key}.`)))
      report.warning(system.keyAt, `the system "${system.key}" is not used`, "no entity is bound to it")
  }
}
