// `explain`: one record in every system, found by any of its keys; or one field of it, with its whole history.
import type { Pipeline, Store } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import { renderExplanation } from "../render/explain.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { labelsOf, look } from "../wire/looking.ts"
import { loadPipeline } from "../wire/pipeline.ts"

export const explain = (screen: Screen, args: readonly string[], options: { readonly store?: string }): Promise<ExitCode> =>
  look(screen, args, options, { command: "explain", data: null }, async ({ store, view, rest, located }) => {
    const [text] = rest
    if (text === undefined || rest.length > 1)
      throw usage("Which record? Name one key, remote id or record id.", `For example: syncline explain ${located.shown} jane@example.com`)
    const pipeline = await loadPipeline(screen, located)
    const { recordId, field } = await find(store, pipeline, text, located.shown)
    const { explanationOf } = await import("../wire/engine.ts")
    const explanation = await explanationOf(store, pipeline, recordId, field)
    if (explanation === null) throw usage(`There is no record ${recordId}.`)
    screen.out(renderExplanation(explanation, { ...view, detailed: field !== null }).join("\n"))
    screen.answer("explain", explanation)
    return EXIT.done
  })

const ENOUGH = 10

/** Keys hold dots themselves: the whole text is tried first, then all before the last dot, if a field stands after it. */
async function find(
  store: Store,
  pipeline: Pipeline,
  text: string,
  file: string,
): Promise<{ readonly recordId: string; readonly field: string | null }> {
  const fields = new Set(pipeline.entities.flatMap((entity) => entity.fields))
  const dot = text.lastIndexOf(".")
  const last = text.slice(dot + 1)
  const tries: (readonly [string, string | null])[] = [
    [text, null],
    ...(dot > 0 && fields.has(last) ? [[text.slice(0, dot), last] as const] : []),
  ]
  for (const [key, field] of tries) {
    const found = await perform(store.find(key, ENOUGH))
    const [recordId] = found
    if (recordId === undefined) continue
    if (found.length === 1) return { recordId, field }
    const labels = await labelsOf(store, found)
    throw usage(`Several records are found by ${key}.`, `Name one: ${found.map((id) => `${id} (${labels.get(id) ?? id})`).join(", ")}`)
  }
  const beginning = dot > 0 && !fields.has(last) && (await perform(store.find(text.slice(0, dot), 1))).length > 0
  if (beginning) throw usage(`There is no field ${last}.`, `There are: ${[...fields].join(", ")}`)
  throw usage(`No record is found by ${text}.`, `Keys, remote ids and record ids are tried. What was done last: syncline log ${file}`)
}
