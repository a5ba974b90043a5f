// Pipelines: the good and the bad fixtures and the examples, mutated, compiled and, where they compile, run over odd items.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Json, JsonObject } from "@syncline/connector"
import { compilePipeline, LensFailure, renderDiagnostics, type CompileResult, type Pipeline } from "@syncline/core"
import { mockCrm } from "@syncline/mock-crm"
import { mockEmail } from "@syncline/mock-email"
import { mutate, oddValue, pick, type Random } from "./mutate.ts"
import type { Target } from "./target.ts"
import { atOnce, CANARY, wrongText } from "./watch.ts"

const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url))
const FIXTURES = join(ROOT, "packages/core/test/pipeline")

const within = (folder: string): readonly string[] =>
  readdirSync(folder)
    .map((name) => join(folder, name, "pipeline.yaml"))
    .filter((path) => existsSync(path))

/** Larger than any pipeline; the grammar has its own, lower, limits. */
const LONGEST = 200_000

const connectors = new Map([mockCrm, mockEmail].map((definition) => [definition.name, definition]))

const read = (path: string): string => readFileSync(path, "latin1")

const RIGHT: readonly string[] = [join(FIXTURES, "good/pipeline.yaml"), ...within(join(ROOT, "examples"))]

/** Every variable that they ask for without a default is a secret. */
const variables: Readonly<Record<string, string>> = Object.fromEntries(
  RIGHT.flatMap((path) => [...read(path).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, CANARY])),
)

/** `schema`: what stands in the file beside it. */
const compiled = (text: string, schema: string): CompileResult =>
  compilePipeline(
    { path: "pipeline.yaml", text },
    {
      variables: { ...variables, A: CANARY },
      readFile: (path) => (path.endsWith(".json") ? schema : { error: "there is no such file" }),
      connector: (name) => connectors.get(name),
      connectorNames: [...connectors.keys()],
    },
  )

interface Whole {
  readonly text: string
  readonly schema: string
}

/** A pipeline with the schema that it names. */
function whole(path: string): Whole {
  const text = read(path)
  const beside = join(path, "..", /schema: (\.\/[\w.-]+\.json)/.exec(text)?.[1] ?? "none")
  return { text, schema: existsSync(beside) ? read(beside) : "{}" }
}

export function pipelines(): Target {
  const right = RIGHT.map(whole)
  // most start from one that compiles, or nothing behind the first error would ever be reached
  const good = right.filter(({ text, schema }) => compiled(text, schema).pipeline !== null)
  if (good.length < 4) throw new Error("the examples do not compile here")
  const all = [...within(join(FIXTURES, "bad")).map(whole), ...right]
  const play = (random: Random) => {
    const from = pick(random, random() < 0.7 ? good : all)
    const text = mutate(from.text, random, pick(random, all).text).slice(0, LONGEST)
    const beside = random() < 0.1 ? mutate(from.schema, random, from.schema).slice(0, LONGEST) : from.schema
    const found = atOnce(() => {
      const result = compiled(text, beside)
      return [...wrongAnswer(result), ...(result.pipeline === null ? [] : overItems(result.pipeline, random))]
    })
    return { input: text, found }
  }
  return { name: "pipelines", play, close: () => Promise.resolve() }
}

/** A refusal says what, and where. */
function wrongAnswer({ pipeline, problems, sources }: CompileResult): readonly string[] {
  const found = [...wrongText(renderDiagnostics(problems, sources)), ...wrongText(JSON.stringify(problems))]
  if (pipeline === null && !problems.some((problem) => problem.severity === "error")) found.push("refused without a reason")
  for (const { message, line, column, start, end, path } of problems) {
    const length = sources.get(path)?.length
    if (message.trim() === "" || !(line >= 1) || !(column >= 1)) found.push("a problem without words or a place")
    if (length === undefined || start < 0 || end < start || end > length)
      found.push(`a place outside the text: ${start}-${end} of ${length}`)
  }
  return found
}

function overItems(pipeline: Pipeline, random: Random): readonly string[] {
  const found: string[] = []
  for (const entity of pipeline.entities) {
    for (const binding of entity.bindings) {
      // what the client lets through is plain data
      const item = JSON.parse(JSON.stringify({ email: "Ada@X.com", ...asObject(oddValue(random)) })) as JsonObject
      const fields: Record<string, Json> = {}
      for (const field of binding.fields) {
        const value = field.get(item)
        if (value instanceof LensFailure) {
          found.push(...wrongText(value.message))
          continue
        }
        fields[field.name] = value
        field.put(value, item)
        field.put(JSON.parse(JSON.stringify(oddValue(random))) as Json, item)
      }
      binding.accepts(fields, random() < 0.5)
      binding.project(item)
    }
  }
  return found
}

const asObject = (value: unknown): object => (typeof value === "object" && value !== null ? value : {})
