// What only about one story in ten has, each kind drawn for itself from a stream of its own: filters, schemas that drift,
// automations, and stranger manners of systems. In: a seed and its story; out: the same story, twisted.
import type { Automation } from "./automation.ts"
import { Chance } from "./random.ts"
import type { Step } from "./script.ts"
import type { Setting } from "./setup.ts"

export const TWIST_KINDS = ["filter", "drift", "pingPong", "answers"] as const
export type TwistKind = (typeof TWIST_KINDS)[number]

/** What the story carries along beside its setting and its steps; a kind without any such is there as `true`. */
export interface Twists {
  readonly filter?: true
  readonly drift?: true
  /** Where a schema differs when all calms down, it stays so for some passes: all that it does not touch is in step by then. */
  readonly driftLasts?: true
  readonly automations?: readonly Automation[]
  /** Whoever answers knows all that may be answered: merge, newest, a new record, many at once. */
  readonly answers?: true
}

interface Plain {
  readonly setting: Setting
  readonly steps: readonly Step[]
}

const ODDS = 0.1

/** Which kinds a seed has. New kinds come last, so that the others stay where they are. */
export function drawTwists(seed: number): ReadonlySet<TwistKind> {
  const chance = new Chance(seed, 9)
  return new Set(TWIST_KINDS.filter(() => chance.is(ODDS)))
}

type Twist = (story: Plain, chance: Chance) => Plain & { readonly twists: Twists }

const TWIST: Readonly<Record<TwistKind, Twist>> = {
  filter: (story, chance) => ({ ...story, setting: filtered(story.setting, chance), twists: { filter: true } }),
  drift: (story, chance) => ({ ...story, steps: drifting(story, chance), twists: { drift: true } }),
  pingPong: (story, chance) => pingPong(story, chance),
  answers: (story, chance) => ({ ...story, steps: answering(story.steps, chance), twists: { answers: true } }),
}

export function twisted(seed: number, story: Plain): Plain & { readonly twists: Twists } {
  const kinds = drawTwists(seed)
  let out: Plain & { readonly twists: Twists } = { ...story, twists: {} }
  for (const [at, kind] of TWIST_KINDS.entries()) {
    if (!kinds.has(kind)) continue
    const next = TWIST[kind](out, new Chance(seed, 9_000 + at))
    out = { ...next, twists: { ...out.twists, ...next.twists } }
    if (kind === "drift") out = lasting(out, new Chance(seed, 9_500))
  }
  return out
}

export const FILTERS = [
  'record.consent == "subscribed"',
  'record.consent == "subscribed" || linked',
  'record.consent != "unsubscribed"',
  "record.note != null",
  "record.phone == null",
] as const
export const LEAVING = ["keep", "unlink", "delete", "delete"] as const

/** One binding takes only some of the records. */
function filtered(setting: Setting, chance: Chance): Setting {
  const system = chance.of(Object.keys(setting.shapes))
  const when = chance.of(FILTERS)
  const leaving = chance.of(LEAVING)
  const head = `      ${system}.people:\n`
  return { ...setting, text: setting.text.replace(head, `${head}        when: '${when}'\n        leaving: ${leaving}\n`) }
}

/** Numbers of steps that a twist puts in. */
const FIRST_STEP = 100_000

const insert = (steps: readonly Step[], at: number, step: Step): readonly Step[] => [...steps.slice(0, at), step, ...steps.slice(at)]

/** Some fields of some systems are not as they were for a while. */
function drifting({ setting, steps }: Plain, chance: Chance): readonly Step[] {
  let out = steps
  const times = chance.int(1, 3)
  for (let n = 0; n < times; n++) out = drift(setting, out, chance, { n, earliest: 0.2, spans: [300, 600_000, 3_600_000, 14_400_000] })
  return out
}

interface Placed {
  readonly n: number
  /** The part of the story that is over by then. */
  readonly earliest: number
  readonly spans: readonly number[]
}

function drift(setting: Setting, steps: readonly Step[], chance: Chance, { n, earliest, spans }: Placed): readonly Step[] {
  const system = chance.of(Object.keys(setting.shapes))
  const keys = setting.shapes[system]?.id === "opaque" ? ["email"] : []
  const path = chance.of(["name", "name", "note", "note", "phone", "phone", "tags", "stage", ...keys])
  const how = chance.of(["gone", "renamed", "retyped"] as const)
  return insert(steps, chance.int(Math.floor(steps.length * earliest), steps.length), {
    n: FIRST_STEP + n,
    kind: "drift",
    system,
    drift: { path, how, refuses: chance.is(0.5) },
    afterMs: chance.of([0, 0, 50, 300]),
    ms: chance.of(spans),
  })
}

const NEVER_MS = 30 * 86_400_000

/** Some of these stories end with a schema that is not as it was. */
function lasting(story: Plain & { readonly twists: Twists }, chance: Chance): Plain & { readonly twists: Twists } {
  if (!chance.is(0.5)) return story
  const steps = drift(story.setting, story.steps, chance, { n: 10, earliest: 0.6, spans: [NEVER_MS] })
  return { ...story, steps, twists: { ...story.twists, driftLasts: true } }
}

/** Two systems insist on a value each; or one rewrites what only we write there. */
function pingPong({ setting, steps }: Plain, chance: Chance): Plain & { readonly twists: Twists } {
  const [first = "", second = ""] = chance.shuffled(Object.keys(setting.shapes))
  const field = chance.of(["name", "note", "phone"])
  const insist = (system: string): Automation => ({
    system,
    field,
    value: `auto-${system}`,
    afterMs: chance.of([1, 200, 5_000, 600_000]),
  })
  if (chance.is(0.6)) return { setting, steps, twists: { automations: [insist(first), insist(second)] } }
  const head = setting.text.indexOf(`      ${first}.people:\n`)
  const line = new RegExp(`^          ${field}: .*$`, "m")
  const text =
    setting.text.slice(0, head) + setting.text.slice(head).replace(line, `          ${field}: { path: ${field}, direction: out }`)
  return { setting: { ...setting, text }, steps, twists: { automations: [insist(first)] } }
}

/** Many questions are answered at once, now and then. */
function answering(steps: readonly Step[], chance: Chance): readonly Step[] {
  let out = steps
  for (let n = 0; n < 3; n++) {
    const at = chance.int(Math.floor(out.length / 3), out.length)
    out = insert(out, at, { n: FIRST_STEP + 100 + n, kind: "deed", deed: "answerMany", roll: chance.next() })
  }
  return out
}
