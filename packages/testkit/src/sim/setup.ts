// One seed's setting: systems of certain shapes, and a pipeline over them, compiled from text like any other.
import type { ConnectorDefinition } from "@syncline/connector"
import { compilePipeline, type Pipeline, renderDiagnostics } from "@syncline/core"
import type { Extras } from "./extras.ts"
import type { Chance } from "./random.ts"
import { drawShape, type Shape, specOf } from "./shape.ts"

export interface Setting {
  readonly shapes: Readonly<Record<string, Shape>>
  readonly text: string
}

export function drawSetting(chance: Chance, extras: Extras): Setting {
  const names = chance.is(0.3) ? ["a", "b", "c"] : ["a", "b"]
  const shapes = Object.fromEntries(names.map((name) => [name, drawShape(chance)]))
  return { shapes, text: pipelineText(chance, names, extras) }
}

function pipelineText(chance: Chance, names: readonly string[], extras: Extras): string {
  const first = names[0] ?? "a"
  const policy = (): string => chance.of(["newest", `{ newest: [${names.join(", ")}] }`, "review", `{ prefer: ${chance.of(names)} }`])
  const bindings = names.map((name, at) => {
    const onDelete = chance.weighted([
      [6, "propagate"],
      [1, "keep"],
      [1, "{ archive: { stage: lost } }"],
    ])
    const stage =
      at === 0
        ? "{ map: { lost: unsubscribed, lead: subscribed, customer: subscribed } }"
        : "{ map: { lost: unsubscribed, lead: subscribed } }"
    return `      ${name}.people:
        on_delete: ${onDelete}
        fields:
          email: { path: email, as: [trim, lower] }
          name: ${chance.is(0.5) ? "name" : "{ path: name, as: [trim] }"}
          note: note
          phone: phone
          tags: { path: tags, as: set }
          consent: { path: stage, as: [${stage}] }`
  })
  return `version: 1
name: sim
systems:
${names.map((name) => `  ${name}: { connector: sim-${name}, config: {} }`).join("\n")}
entities:
  person:
    schema:
      type: object
      properties:
        email: { type: string }
        name: { type: string, maxLength: 40 }
        note: { type: string }
        phone: { type: string }
        tags: { type: array, items: { type: string } }
        consent: { type: string }
    match: [[email]]
    on_match: ${chance.of(["newest", "fill_blanks", "review", `{ prefer: ${first} }`])}
    bindings:
${bindings.join("\n")}
    conflicts:
      default: newest
      delete_vs_edit: ${chance.of(["review", "edit_wins", "delete_wins"])}
      fields:
        name: ${policy()}
        note: ${policy()}
        phone: newest
        tags: union
        consent: { strictest: [unsubscribed, subscribed] }
guards:
  delete: ${extras.tightGuards === true ? "{ max: 1, percent: 0 }" : "{ max: 1000, percent: 100 }"}
`
}

export function compile(setting: Setting): Pipeline {
  const definition = (name: string): ConnectorDefinition | undefined => {
    const shape = setting.shapes[name.replace(/^sim-/, "")]
    if (shape === undefined) return undefined
    const closed = (): never => {
      throw new Error("simulated systems are wired by hand")
    }
    return {
      name,
      configSchema: { type: "object" },
      describe: () => ({ title: name, resources: [specOf(shape)] }),
      http: closed,
      open: closed,
    }
  }
  const result = compilePipeline(
    { path: "pipeline.yaml", text: setting.text },
    { variables: {}, readFile: () => ({ error: "no file" }), connector: definition, connectorNames: Object.keys(setting.shapes) },
  )
  if (result.pipeline === null) throw new Error(renderDiagnostics(result.problems, result.sources))
  return result.pipeline
}
