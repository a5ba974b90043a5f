// Text of a `scenario.yaml` in, a checked Scenario out; or every problem at once, each with file, line and column.
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js"
import { isMap, isNode, isPair, LineCounter, parseDocument, type Document } from "yaml"
import { isObject, type JsonObject, type Json } from "@syncline/connector"
import { RESERVED, scenarioSchema } from "./scenario-schema.ts"
import type { Amount, Deed, Expectation, ExpectedItem, Scenario, Step } from "./scenario.ts"

export class ScenarioError extends Error {
  /** One line each: `file:line:column  what is wrong`. */
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join("\n"))
    this.name = "ScenarioError"
    this.problems = problems
  }
}

type Path = readonly (string | number)[]

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(scenarioSchema)

export const readScenario = (text: string, file: string): Scenario => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  if (document.errors.length > 0) throw new ScenarioError(document.errors.map((error) => `${at(error.pos[0])}  ${error.message}`))
  const place = (path: Path): string => at(offsetOf(document, path))
  // A YAML document without tags of its own is JSON.
  const value: Json = document.toJS({ maxAliasCount: 100 })
  if (!validate(value)) {
    const problems = leaves(validate.errors ?? []).map((error) => {
      const { path, message } = wordsOf(error)
      return `${place(path)}  ${message}`
    })
    throw new ScenarioError([...new Set(problems)])
  }
  const strangers = strangersIn(value).map((path) => `${place(path)}  "${path.at(-1)}" is not one of this story's systems`)
  if (strangers.length > 0) throw new ScenarioError(strangers)
  return scenarioOf(value, (index) => lines.linePos(offsetOf(document, ["story", index])).line)
}

/** Where a value stands; for a map's entry, where its key stands. */
const offsetOf = (document: Document, path: Path): number => {
  const last = path.at(-1)
  const parent = path.length === 0 ? document.contents : path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (isMap(parent) && typeof last === "string") {
    const pair = parent.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === last)
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  if (isNode(node)) return node.range?.[0] ?? 0
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1))
}

/** An `anyOf` that fails tells every branch; the deepest ones say what the writer meant. */
const leaves = (errors: readonly ErrorObject[]): readonly ErrorObject[] => {
  const telling = errors.filter(({ keyword }) => !["anyOf", "oneOf", "if"].includes(keyword))
  const own = telling.filter(({ instancePath, schemaPath }) => {
    const branch = /^(?<stem>.*\/(?:anyOf|oneOf))\/\d+/.exec(schemaPath)?.groups?.["stem"]
    if (branch === undefined) return true
    const rivals = telling.filter((other) => other.schemaPath.startsWith(branch) && other.instancePath.startsWith(instancePath))
    return !rivals.some((other) => other.instancePath.length > instancePath.length)
  })
  return own.length > 0 ? own : errors
}

const wordsOf = (error: ErrorObject): { readonly path: Path; readonly message: string } => {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const extra: unknown = error.params["additionalProperty"]
  if (typeof extra === "string") return { path: [...path, extra], message: `unknown word "${extra}"` }
  if (error.keyword === "required") return { path, message: `"${String(error.params["missingProperty"])}" is missing` }
  const allowed: unknown = error.params["allowedValues"] ?? error.params["allowedValue"]
  const list = allowed === undefined ? "" : `: ${JSON.stringify(allowed)}`
  return { path, message: `${error.message ?? "is wrong"}${list}` }
}

const objectAt = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const listAt = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

const RESERVED_WORDS: readonly string[] = RESERVED

const strangersIn = (value: Json): readonly Path[] => {
  const scenario = objectAt(value)
  const known = new Set(Object.keys(objectAt(scenario["systems"])))
  return listAt(scenario["story"]).flatMap((step, index) => {
    const expect = objectAt(objectAt(step)["expect"])
    const named: Path[] = Object.keys(objectAt(objectAt(step)["do"])).map((name) => ["story", index, "do", name])
    for (const word of Object.keys(expect)) {
      if (!RESERVED_WORDS.includes(word)) named.push(["story", index, "expect", word])
      if (["writes", "calls", "total"].includes(word)) {
        for (const name of Object.keys(objectAt(expect[word]))) named.push(["story", index, "expect", word, name])
      }
    }
    return named.filter((path) => !known.has(String(path.at(-1))))
  })
}

// From here on the schema has spoken: shapes are known, and casts only name them.
const scenarioOf = (value: Json, lineOf: (index: number) => number): Scenario => {
  const scenario = objectAt(value)
  return {
    title: String(scenario["title"]),
    pipeline: String(scenario["pipeline"] ?? "pipeline.yaml"),
    systems: objectAt(scenario["systems"]) as unknown as Scenario["systems"],
    env: objectAt(scenario["env"]) as Readonly<Record<string, string>>,
    story: listAt(scenario["story"]).map((step, index) => stepOf(objectAt(step), lineOf(index))),
  }
}

const stepOf = (step: JsonObject, line: number): Step => {
  const { say, wait, syncline } = step
  return {
    say: String(say),
    line,
    ...(typeof wait === "number" ? { wait } : {}),
    do: Object.entries(objectAt(step["do"])).flatMap(([system, deeds]) => listAt(deeds).map((deed) => deedOf(system, objectAt(deed)))),
    ...(syncline === undefined
      ? {}
      : { syncline: typeof syncline === "string" ? syncline.trim().split(/\s+/) : listAt(syncline).map(String) }),
    shows: step["shows"] === true,
    expect: expectationOf(objectAt(step["expect"])),
  }
}

const deedOf = (system: string, deed: JsonObject): Deed => {
  const { create, as, update, fault, admin, heal } = deed
  if (create !== undefined) return { system, kind: "create", set: objectAt(create), ...(typeof as === "string" ? { as } : {}) }
  if (update !== undefined) return { system, kind: "update", who: String(update), set: objectAt(deed["set"]) }
  if (fault !== undefined) return { system, kind: "fault", fault }
  if (heal !== undefined) return { system, kind: "heal" }
  if (admin !== undefined) {
    const [path = "", body = null] = Object.entries(objectAt(admin))[0] ?? []
    return { system, kind: "admin", path, body }
  }
  const kind = deed["erase"] === undefined ? "delete" : "erase"
  return { system, kind, who: String(deed[kind]) }
}

const expectationOf = (expect: JsonObject): Expectation => {
  const { exit, json, reviews, quarantined } = expect
  const amounts = (word: string) => objectAt(expect[word]) as Readonly<Record<string, Amount>>
  const items = Object.entries(expect)
    .filter(([word]) => !RESERVED_WORDS.includes(word))
    .flatMap(([system, people]) =>
      Object.entries(objectAt(people)).map(([who, has]): ExpectedItem => ({ system, who, has: has === "absent" ? null : objectAt(has) })),
    )
  return {
    ...(typeof exit === "number" ? { exit } : {}),
    prints: listAt(expect["prints"]).map(String),
    hides: listAt(expect["hides"]).map(String),
    ...(json === undefined ? {} : { json }),
    writes: amounts("writes"),
    calls: amounts("calls"),
    total: amounts("total"),
    ...(reviews === undefined ? {} : { reviews: reviews as Amount | readonly JsonObject[] }),
    ...(quarantined === undefined ? {} : { quarantined: quarantined as Amount | readonly JsonObject[] }),
    items,
  }
}
