// Systems that do more to values than trimming them: they compose letters, turn numbers into texts and back, round, have blanks
// of a kind of their own, and fill in what is left out. In: a setting. Out: the same with such systems, and fields for them.
import type { Json, JsonSchema } from "@syncline/connector"
import type { Chance } from "./random.ts"
import type { Setting } from "./setup.ts"
import type { Shape } from "./shape.ts"
import type { Strains } from "./strains.ts"

/** What nobody typed, and stands there all the same. */
export const DEFAULT = "std"

const BLANKS: readonly ((shape: Shape) => Shape)[] = [
  (shape) => withRewrites(shape, ["noBlankText"], ["name", "note", "phone"]),
  (shape) => withRewrites(shape, ["blankText"], ["note", "phone"]),
  (shape) => ({ ...shape, leavesOut: true }),
  (shape) => shape,
]

const BOTH: JsonSchema = { type: ["number", "string", "null"] }
const NUMBER: JsonSchema = { type: ["number", "null"] }
const SCORES: readonly (readonly [JsonSchema, readonly string[]])[] = [
  [NUMBER, []],
  [NUMBER, ["cents"]],
  [NUMBER, ["belowZero"]],
  [BOTH, ["asText"]],
  [BOTH, ["asNumber"]],
  [BOTH, ["cents", "asText"]],
  [{ type: ["string", "null"] }, ["asText"]],
]

/** Each system in a way of its own. */
export function rewriting({ shapes, text }: Setting, strains: Strains, chance: Chance): Setting {
  const each = (change: (shape: Shape) => Shape): Setting["shapes"] =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, change(shape)]))
  let out: Setting = { shapes, text }
  const apply = (change: (shape: Shape) => Shape): void => {
    shapes = each(change)
    out = { ...out, shapes }
  }
  if (strains.composes === true) {
    apply((shape) =>
      chance.is(0.6) ? { ...shape, normalises: { ...shape.normalises, name: [...(shape.normalises["name"] ?? []), "nfc"] } } : shape,
    )
  }
  if (strains.emptyTexts === true) apply((shape) => chance.of(BLANKS)(shape))
  if (strains.defaults === true) apply((shape) => (chance.is(0.6) ? { ...shape, defaults: { phone: DEFAULT satisfies Json } } : shape))
  if (strains.numbers === true) {
    apply((shape) => {
      const [score, steps] = chance.of(SCORES)
      return withRewrites({ ...shape, score }, steps, ["score"])
    })
    const policy = chance.of(["newest", "review", `{ newest: [${Object.keys(shapes).join(", ")}] }`, "max"])
    out = { ...out, text: withScore(text, policy) }
  }
  return out
}

const withRewrites = (shape: Shape, steps: readonly string[], paths: readonly string[]): Shape => ({
  ...shape,
  rewrites: { ...shape.rewrites, ...Object.fromEntries(paths.map((path) => [path, [...(shape.rewrites?.[path] ?? []), ...steps]])) },
})

const withScore = (text: string, policy: string): string =>
  text
    .replace(/^ {8}consent: \{ type: string \}$/m, "$&\n        score: { type: number }")
    .replace(/^ {10}consent: .*$/gm, "$&\n          score: { path: score, as: [number] }")
    .replace(/^ {8}consent: \{ strictest: .*$/m, `$&\n        score: ${policy}`)
