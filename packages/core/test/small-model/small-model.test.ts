// Every state of two systems with two fields, under every policy: what comes out is what the specification says, whichever
// system is read first, and a further run has nothing to write.
import { afterAll, describe, expect, it } from "vitest"
import type { Side } from "../../src/model/review.ts"
import { fieldsOf, type Moment, play, type Played, type Setting, wordOfSide } from "./play.ts"
import { type DeleteRule, type Later, outcomeInTurn, outcomeOf, type Policy, spoken, type Outcome } from "./specification.ts"
import { type State, WITHOUT_DELETES, WITH_DELETES } from "./states.ts"

const POLICIES: readonly (readonly [Policy, Policy])[] = [
  ["newest", "newest"],
  ["newest, b first", "newest, b first"],
  ["prefer a", "prefer b"],
  ["prefer b", "prefer a"],
  ["review", "review"],
  ["strictest", "strictest"],
  ["union", "newest"],
  ["max", "review"],
  ["min", "newest"],
]
/** Times matter to `newest` alone; the others are asked with the order that would change most. */
const laterOf = ([one]: readonly [Policy, Policy]): readonly Later[] => (one.startsWith("newest") ? ["a", "b", "together"] : ["a"])
const DELETE_RULES: readonly DeleteRule[] = ["review", "edit_wins", "delete_wins"]

let played = 0
afterAll(() => {
  console.log(`small model: ${played} states of two systems and two fields, each in both orders of reading`)
})

const told = (state: State): string => `${state.before.join("+")}, a: ${String(state.a)}, b: ${String(state.b)}`

/** What was seen of one state, in the words of the specification. */
function seen(game: Played, index: number): string {
  const questions = game
    .asked(index)
    .map((review) => `${review.kind} ${review.field ?? ""} ${sidesOf(review.kind, review.sides).join("/")}`)
    .toSorted()
  return JSON.stringify({ a: game.show(index, "a"), b: game.show(index, "b"), questions })
}

const sidesOf = (kind: string, sides: readonly Side[]): readonly string[] =>
  kind !== "conflict" ? [] : sides.map((side) => `${side.system} ${wordOfSide(side.value)}`).toSorted()

/** The same from the specification. */
function expected(outcome: Outcome, [one, two]: Setting["policies"], fields: readonly [string, string]): string {
  if (outcome.is === "gone") return JSON.stringify({ a: null, b: null, questions: [] })
  if (outcome.is === "asked") {
    const side = { a: null, b: null, [outcome.left]: outcome.fields }
    return JSON.stringify({ a: side.a, b: side.b, questions: ["delete_vs_edit  "] })
  }
  const policies = [one, two] as const
  const shows = (side: "a" | "b") =>
    outcome.fields.map((field, i) => (field.is === "agreed" ? field.value : spoken(field[side], policies[i] ?? one)))
  const questions = outcome.fields
    .flatMap((field, i) => (field.is === "asked" ? [`conflict ${fields[i] ?? ""} a ${field.a}/b ${field.b}`] : []))
    .toSorted()
  return JSON.stringify({ a: shows("a"), b: shows("b"), questions })
}

/** So many people share a world. */
const CROWD = 256

async function check(states: readonly State[], common: Omit<Setting, "first">, outcome: (state: State) => Outcome): Promise<void> {
  for (let from = 0; from < states.length; from += CROWD) await checkCrowd(states.slice(from, from + CROWD), common, outcome)
}

async function checkCrowd(states: readonly State[], common: Omit<Setting, "first">, outcome: (state: State) => Outcome): Promise<void> {
  played += states.length
  const fields = fieldsOf(common.policies)
  for (const first of ["a", "b"] as const) {
    const game = await play(states, { ...common, first })
    const wrong = states.flatMap((state, index) => {
      const want = expected(outcome(state), common.policies, fields)
      const got = seen(game, index)
      return got === want ? [] : [`${told(state)}\n  should be ${want}\n  is        ${got}`]
    })
    expect(wrong.slice(0, 10), `${wrong.length} states, ${first} read first`).toEqual([])
    const silent = states.flatMap((state, index) => {
      const result = outcome(state)
      if (result.is !== "both") return []
      const missing = result.fields.filter(
        (field, i) => field.is === "agreed" && field.lost !== null && !game.lost(index).includes(`${fields[i] ?? ""} ${field.lost}`),
      )
      return missing.length === 0 ? [] : [`${told(state)}: ${JSON.stringify(missing)} is in no journal row: ${game.lost(index).join()}`]
    })
    expect(silent.slice(0, 10), `${silent.length} losers without a trace, ${first} read first`).toEqual([])
    expect(await game.writesOfMoreRuns(), `a further run, ${first} read first`).toEqual([])
    await decideAll(game, states)
  }
}

/** Every so many states their questions are answered: by turns for a and for b, to keep and to delete. */
const ANSWERED = 7

async function decideAll(game: Played, states: readonly State[]): Promise<void> {
  const wanted = new Map<number, string>()
  for (const [index] of states.entries()) {
    if (index % ANSWERED !== 0) continue
    const side = index % 2 === 0 ? "a" : "b"
    const left = game.show(index, "a") ?? game.show(index, "b")
    const keep = index % 2 === 0
    for (const review of game.asked(index)) {
      const choice =
        review.kind === "conflict" ? ({ take: "system", system: side } as const) : ({ take: keep ? "keep" : "delete" } as const)
      await game.world.decide({ reviewId: review.id, hash: review.hash, choice })
      const after = review.kind === "conflict" ? game.show(index, side) : keep ? left : null
      wanted.set(index, JSON.stringify(after))
    }
  }
  if (wanted.size === 0) return
  for (let i = 0; i < 2; i++) {
    game.world.wait(60_000)
    await game.world.run()
  }
  await game.look()
  const wrong = [...wanted].flatMap(([index, want]) => {
    const got = [JSON.stringify(game.show(index, "a")), JSON.stringify(game.show(index, "b"))]
    const state = states[index]
    return state === undefined || (game.asked(index).length === 0 && got.every((each) => each === want))
      ? []
      : [`${told(state)}: decided ${want}, is ${got.join(" / ")}`]
  })
  expect(wrong.slice(0, 10), `${wrong.length} decisions`).toEqual([])
}

describe.each(POLICIES)("two fields under %s and %s", (...policies) => {
  it.each(laterOf(policies))("edits on both sides come out as specified, later: %s", async (later) => {
    const setting = { policies, moment: "together", later, deletes: "review" } as const
    await check(WITHOUT_DELETES, setting, (state) => outcomeOf(state, policies, later, "review"))
  })
})

describe.each(POLICIES.filter(([one]) => one === "newest" || one === "review" || one === "union"))(
  "two fields under %s and %s",
  (...policies) => {
    it("an edit that meets our write on its way is judged like any other", async () => {
      const setting = { policies, moment: "meets the write", later: "b", deletes: "review" } as const
      await check(WITHOUT_DELETES, setting, (state) => outcomeOf(state, policies, "b", "review"))
    })
  },
)

it("whoever edits a value that we brought has seen it, and is never in conflict with it", async () => {
  const policies = ["review", "review"] as const
  const setting = { policies, moment: "after the write", later: "a", deletes: "review" } as const
  await check(WITHOUT_DELETES, setting, (state) => outcomeInTurn(state, policies))
})

describe.each(DELETE_RULES)("where delete_vs_edit is %s", (deletes) => {
  it.each<Moment>(["together", "meets the write"])("deletes and edits come out as specified: %s", async (moment) => {
    const policies = ["newest", "newest"] as const
    await check(WITH_DELETES, { policies, moment, later: "b", deletes }, (state) => outcomeOf(state, policies, "b", deletes))
  })
})
