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

export function pipelines(): Target {
  const paths = [...within(join(FIXTURES, "bad")), join(FIXTURES, "good/pipeline.yaml"), ...within(join(ROOT, "examples"))]
  const texts = paths.map((path) => readFileSync(path, "latin1"))
  // most start from one that compiles, or nothing behind the first error would ever be reached
  const good = texts.slice(-5)
  const schema = readFileSync(join(FIXTURES, "good/person.schema.json"), "utf8")
  const play = (random: Random) => {
    const text = mutate(pick(random, random() < 0.7 ? good : texts), random, pick(random, texts)).slice(0, LONGEST)
    const beside = random() < 0.1 ? mutate(schema, random, schema).slice(0, LONGEST) : schema
    const found = atOnce(() => {
      const result = compilePipeline(
        { path: "pipeline.yaml", text },
        {
          variables: { CRM_TOKEN: CANARY, EMAIL_KEY: CANARY, A: CANARY },
          readFile: (path) => (path.endsWith(".json") ? beside : { error: "there is no such file" }),
          connector: (name) => connectors.get(name),
          connectorNames: [...connectors.keys()],
        },
      )
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
