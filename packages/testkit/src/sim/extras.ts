// What only some seeds have, each of them drawn for itself: rarer deeds of people, worse manners of systems, and stricter
// settings. Drawn from a stream of its own, so that one more of them leaves the rest of a story as it was.
import type { Json } from "@syncline/connector"
import type { Chance } from "./random.ts"
import type { Act, Step } from "./script.ts"

export const EXTRA_KINDS = [
  "lateAnswers",
  "stops",
  "staleCopies",
  "replay",
  "refusals",
  "hostileWords",
  "tightGuards",
  "oneStaysDown",
] as const
type ExtraKind = (typeof EXTRA_KINDS)[number]
/** `rivals`: somebody types into a field at the very moment when it is written. `doubt`: hardly any write is answered. */
const HURRIED_KINDS = ["rivals", "doubt"] as const
/**
 * `flaky`: every third call fails before anything happened. `crowd`: many more people, all of whom are there at once.
 * `revenants`: people who are deleted and brought back, or get another address, where late copies tell of what they were.
 */
const WIDE_KINDS = ["flaky", "crowd", "revenants"] as const
export const HECTIC_KINDS = [...HURRIED_KINDS, ...WIDE_KINDS] as const
export type Extras = Readonly<Partial<Record<ExtraKind | (typeof HECTIC_KINDS)[number], boolean>>>

export function drawHectic(chance: Chance): Extras {
  return Object.fromEntries(HURRIED_KINDS.flatMap((kind) => (chance.is(0.2) ? [[kind, true]] : [])))
}
export function drawWide(chance: Chance): Extras {
  const crowd = chance.is(0.03)
  const flaky = chance.is(crowd ? 0.6 : 0.03)
  const revenants = chance.is(0.04)
  return { ...(crowd ? { crowd } : {}), ...(flaky ? { flaky } : {}), ...(revenants ? { revenants, staleCopies: true } : {}) }
}

export function drawExtras(chance: Chance): Extras {
  return Object.fromEntries(EXTRA_KINDS.flatMap((kind) => (chance.is(0.3) ? [[kind, true]] : [])))
}

type Deed = Extract<Step, { kind: "deed" }>["deed"]

const DEEDS: Readonly<Partial<Record<ExtraKind, readonly Deed[]>>> = {
  lateAnswers: ["ponder", "ponder", "answerLate", "ponder", "answerLate"],
}

/** The script with the deeds of the extras put in, in their order, somewhere in its second half. */
export function withExtras(steps: readonly Step[], extras: Extras, chance: Chance): readonly Step[] {
  let out = [...steps]
  let n = steps.length
  for (const kind of EXTRA_KINDS) {
    if (extras[kind] !== true) continue
    let at = Math.floor(out.length / 4)
    for (const deed of DEEDS[kind] ?? []) {
      at = Math.min(out.length, at + chance.int(0, Math.ceil(out.length / 4)))
      out.splice(at, 0, { n: n++, kind: "deed", deed, roll: chance.next() })
    }
  }
  if (extras.stops === true)
    out = out.map((step) => (step.kind === "pass" && step.crashAt === null && chance.is(0.3) ? stopped(step, chance) : step))
  return out
}

/** Passes that follow each other so closely that feeds lag behind. */
export const hurried = (steps: readonly Step[], chance: Chance): readonly Step[] =>
  steps.map((step) => (step.kind === "wait" && step.ms >= 10 && chance.is(0.6) ? { ...step, ms: chance.of([10, 300]) } : step))

const CROWD = 40
/** Told apart from all who are in the story anyway. */
const FIRST_OF_CROWD = 100

/** The story with many more people in it, and with edits of theirs before every pass. */
export function crowded(steps: readonly Step[], systems: readonly string[], chance: Chance): readonly Step[] {
  let n = 5_000
  const act = (kind: Act["act"], person: number): Step => ({
    n: n++,
    kind: "act",
    act: kind,
    system: chance.of(systems),
    person: FIRST_OF_CROWD + person,
    other: FIRST_OF_CROWD + chance.int(0, CROWD - 1),
    field: chance.of(["name", "note", "phone"]),
    afterMs: 0,
    roll: chance.next(),
  })
  const edits = (): Step[] => Array.from({ length: chance.int(0, 9) }, () => act("edit", chance.int(0, CROWD - 1)))
  return [
    ...Array.from({ length: CROWD }, (_, person) => act("make", person)),
    ...steps.flatMap((step) => (step.kind === "pass" ? [...edits(), step] : [step])),
  ]
}

/** The story with some who come and go put in between its passes. */
export function haunted(steps: readonly Step[], systems: readonly string[], chance: Chance): readonly Step[] {
  let n = 6_000
  const act = (kind: Act["act"], system: string, person: number): Step => ({
    n: n++,
    kind: "act",
    act: kind,
    system,
    person,
    other: person,
    field: "name",
    afterMs: 0,
    roll: chance.next(),
  })
  const pass = (): readonly Step[] => [
    { n: n++, kind: "pass", full: chance.is(0.3), patient: false, crashAt: null },
    { n: n++, kind: "wait", ms: chance.of([10, 1_000, 600_000]) },
  ]
  const episode = (): readonly Step[] => {
    const system = chance.of(systems)
    const person = chance.int(0, 2)
    return chance.is(0.5)
      ? [...pass(), act("remove", system, person), ...pass(), act("restore", system, person), ...pass(), ...pass()]
      : [act("address", system, person), ...pass(), act("address", system, person), ...pass(), ...pass()]
  }
  return steps.flatMap((step) => (step.kind === "pass" && chance.is(0.4) ? [step, ...episode()] : [step]))
}

const stopped = (step: Extract<Step, { kind: "pass" }>, chance: Chance): Step => ({
  ...step,
  stop: { at: chance.int(1, 25), ms: chance.of([5_000, 61_000, 61_000, 600_000]) },
})

/** Items under values that no system, or no mapping, takes. */
export const REFUSED_MARK = "!"
/** Below this the roll of a deed asks for blanks and capitals. */
const PLAINLY = 0.25
const HARDLY_EVER = 0.85
/** What is cut off after six letters must not decide whose word it is. */
const SHORT = 2
const HOSTILE = ["__proto__", "constructor", "\u0000", "\ud800", "<script>", "=1+1", "\u202e", "é", "\u{1f600}", "${x}", "'; --"]

/** A word as people with worse manners type it: still told from all others by its first letters. */
export function mannered(word: string, step: Pick<Act, "field" | "roll">, extras: Extras): string {
  const roll = (step.roll * 1000) % 1
  if (extras.refusals === true && step.field === "note" && roll < 0.15) return `${word}${REFUSED_MARK}`
  if (extras.refusals === true && step.field === "name" && roll < 0.15) return word.padEnd(60, "x")
  if (extras.hostileWords === true && roll > 0.6 && step.roll >= PLAINLY) {
    const list = step.field === "note" ? HOSTILE.filter((text) => text.length <= SHORT) : HOSTILE
    return `${word}${list[Math.floor(roll * 997) % list.length] ?? ""}`
  }
  return word
}

/** A value of a kind that nobody expects there; null: an ordinary one. */
export function strangeValue(step: Act, extras: Extras): Json | null {
  if (extras.hostileWords !== true || step.field !== "phone" || step.roll < HARDLY_EVER) return null
  return [step.n * 1000 + 7, { ["__proto__"]: { n: step.n } }, [step.n], 2 ** 53 + step.n, step.n % 2 === 0][step.n % 5] ?? null
}
