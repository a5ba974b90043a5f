// What about one story in ten has of each group: rarer things that go wrong with reading, with who is who, and with the store.
// Each group is drawn for itself, from streams of its own, and is laid over the story when it is played, so that each kind can
// be left out again.
import { Chance } from "./random.ts"
import { rewriting } from "./rewriting.ts"
import type { Act, ActKind, Step } from "./script.ts"
import type { Setting } from "./setup.ts"
import type { Shape } from "./shape.ts"

/** New groups come last, and new kinds last in theirs, so that the others stay where they are. */
export const STRAIN_GROUPS = {
  reads: [
    /** lookups answer single items with a fault */ "itemFaults",
    /** single items of a page make no sense */ "garbledItems",
    /** full scans page by position: whatever is added or deleted meanwhile moves what follows */ "pageShifts",
    /** each state of an item shows with a delay of its own, so that a later one may show before it */ "lateCommits",
    /** a feed lags by up to twenty minutes, and says so */ "slowIndex",
  ],
  identity: [
    /** somebody merges two items of one system, and perhaps takes them apart again */ "mergedItems",
    /** an id is given to the next new item once its own is deleted; a stable one beside it is not */ "reusedIds",
  ],
  process: [/** now and then a store call finds the file locked, and the process ends with that */ "busyStore"],
  values: [
    /** people type letters with marks in two signs, and systems make one of them */ "composes",
    /** people leave empty texts behind; systems make null of them, or of null an empty text, or leave out what is blank */ "emptyTexts",
    /** a number, which systems round, or turn into a text, or a text that looks like one into a number, or 0 into -0 */ "numbers",
    /** a new item has something at a path that was left out */ "defaults",
  ],
  calls: [/** a system answers so many calls in so many seconds, and refuses the rest */ "windows"],
  clocks: [
    /** a system's clock is set back, once */ "clockSetBack",
    /** some edits bear a date that is still to come */ "datedAhead",
    /** times tell whole minutes, so that many are equal */ "coarseTimes",
  ],
} as const
export type StrainGroup = keyof typeof STRAIN_GROUPS
export type StrainKind = (typeof STRAIN_GROUPS)[StrainGroup][number]
export type Strains = Readonly<Partial<Record<StrainKind, true>>>

const ODDS = 0.1

export const STRAIN_KINDS: readonly StrainKind[] = Object.values(STRAIN_GROUPS).flat()

/** Some kinds, at least one, of each group that a seed has. */
export function drawStrains(seed: number): Strains {
  const chance = new Chance(seed, 12)
  const kinds = Object.values(STRAIN_GROUPS).flatMap((group, at) => {
    if (!chance.is(ODDS)) return []
    const own = new Chance(seed, 12_000 + at)
    const first = own.of(group)
    return group.filter((kind) => own.is(0.4) || kind === first)
  })
  return Object.fromEntries(kinds.map((kind) => [kind, true]))
}

export const hasStrain = (strains: Strains, name: string): boolean =>
  STRAIN_KINDS.some((kind) => strains[kind] === true && (kind === name || groupOf(kind) === name))

const groupOf = (kind: StrainKind): string | undefined =>
  Object.entries(STRAIN_GROUPS).find(([, kinds]) => (kinds as readonly StrainKind[]).includes(kind))?.[0]

const SLOW_INDEX_MS = 1_200_000
const MINUTE_MS = 60_000

/** The setting as it is under its strains. */
export function strained(seed: number, setting: Setting, strains: Strains): Setting {
  const { shapes, text } = rewriting(setting, strains, new Chance(seed, 12_520))
  const chance = new Chance(seed, 12_500)
  const slow = chance.of(Object.keys(shapes))
  return {
    text,
    shapes: Object.fromEntries(
      Object.entries(shapes).map(([name, shape]): [string, Shape] => [
        name,
        {
          ...shape,
          ...(strains.slowIndex === true && name === slow ? { lagDelta: SLOW_INDEX_MS } : {}),
          ...(strains.coarseTimes === true ? { resolutionMs: MINUTE_MS } : {}),
          ...(strains.reusedIds === true && shape.id === "opaque" ? { secondary: true, reuses: true as const } : {}),
        },
      ]),
    ),
  }
}

/** Steps that were put in without people in them have numbers from here on: those of acts make words, and words are short. */
const NOT_ACTS = 100_000

/** The script with what people do under some strains put in. */
export function strainedSteps(seed: number, steps: readonly Step[], strains: Strains): readonly Step[] {
  const chance = new Chance(seed, 12_600)
  const systems = [...new Set(steps.flatMap((step) => (step.kind === "act" ? [step.system] : [])))]
  const people = Math.max(0, ...steps.flatMap((step) => (step.kind === "act" ? [step.person] : [])))
  let out = steps
  let n = 1 + Math.max(0, ...steps.flatMap((step) => (step.n < NOT_ACTS ? [step.n] : [])))
  if (systems.length === 0) return steps
  const put = (act: ActKind, field: Act["field"] = "note"): void => {
    const at = chance.int(Math.floor(out.length / 4), out.length)
    const own: Step = {
      n: n++,
      kind: "act",
      act,
      system: chance.of(systems),
      person: chance.int(0, people),
      other: chance.int(0, people),
      field,
      afterMs: chance.of([0, 0, 150, 400]),
      roll: chance.next(),
    }
    out = [...out.slice(0, at), own, ...out.slice(at)]
  }
  const some = (acts: readonly ActKind[]): void => {
    for (let left = chance.int(2, 6); left > 0; left--) put(chance.of(acts))
  }
  if (strains.mergedItems === true) some(["merge", "merge", "unmerge", "twin"])
  if (strains.reusedIds === true) some(["remove", "make", "make", "restore"])
  if (strains.clockSetBack === true) {
    const at = chance.int(Math.floor(out.length / 4), out.length)
    const back: Step = { n: NOT_ACTS + 900, kind: "setBack", system: chance.of(systems), ms: chance.of([5_000, 600_000, 7_200_000]) }
    out = [...out.slice(0, at), back, ...out.slice(at)]
  }
  if (strains.emptyTexts === true) some(["clear", "clear", "edit"])
  if (strains.numbers === true)
    for (let left = chance.int(4, 10); left > 0; left--) put(chance.of(["edit", "edit", "edit", "clear"]), "score")
  return out
}
