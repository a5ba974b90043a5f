// The desk of the person who answers questions: at once, or with what was read some time ago.
import type { Decision, Review } from "@syncline/core"
import { choiceFor, widerChoiceFor } from "./decider.ts"
import { clocksOf } from "./clocks.ts"
import type { Chance } from "./random.ts"
import type { World } from "./world.ts"

type Choice = Extract<Decision, { kind: "resolve" }>["choice"]

interface Pondered {
  readonly review: Review
  readonly choice: Choice
}

export class Desk {
  private readonly world: World
  private readonly pondered: Pondered[] = []

  constructor(world: World) {
    this.world = world
  }

  /** A person answers one open review, or all. */
  async decide(all: boolean, roll: Chance): Promise<number> {
    const open = await this.open()
    let answered = 0
    for (const review of all || open.length === 0 ? open : [roll.of(open)]) {
      const choice = this.choiceFor(review, roll)
      if (choice === null) continue
      await this.answer(review, choice)
      answered++
    }
    return answered
  }
  /** A person gives all questions of one kind, about one system perhaps, an answer in one go. */
  async decideMany(roll: Chance): Promise<void> {
    const open = await this.open()
    const one = open.length === 0 ? undefined : roll.of(open)
    if (one === undefined) return
    const narrow = roll.is(0.5)
    for (const review of open) {
      if (review.kind !== one.kind || (narrow && review.binding !== one.binding)) continue
      const choice = this.choiceFor(review, roll)
      if (choice !== null) await this.answer(review, choice)
    }
  }
  /** Reads a question and makes up his mind, to answer later. */
  async ponder(roll: Chance): Promise<void> {
    const open = await this.open()
    if (open.length === 0) return
    const review = roll.of(open)
    const choice = this.choiceFor(review, roll)
    if (choice === null) return
    this.pondered.push({ review, choice })
    this.world.note(`ann thinks about ${review.id}`)
  }
  /** Answers what was read then, whatever has become of it; and sometimes what was answered already. */
  async answerLate(roll: Chance): Promise<void> {
    const one = this.pondered[0]
    if (one === undefined) return
    if (roll.is(0.7)) this.pondered.shift()
    await this.answer(one.review, one.choice)
  }
  async retryQuarantined(): Promise<void> {
    const { world } = this
    world.deaths.decided(world.time.now)
    world.flips.calm()
    world.undoing.decided(null, world.time.now)
    world.flips.begin(null)
    for (const entry of await world.ask(world.store.quarantined({ limit: 1_000 }))) {
      if (entry.reason === "left alone by decision") continue
      const id = world.nextId("dec")
      await world.ask(world.store.decide({ kind: "retry", id, at: world.time.now, by: "ann", note: null, quarantineId: entry.id }))
      world.note(`ann has ${entry.id} tried again`)
    }
  }

  private async open(): Promise<readonly Review[]> {
    return this.world.ask(this.world.store.reviews({ status: "open", limit: 1_000 }))
  }
  private choiceFor(review: Review, roll: Chance): Choice | null {
    const { world } = this
    const made = world.effects.some(
      (effect) =>
        effect.kind === "create" &&
        world.knowledge.intents.get(effect.op.ref)?.linkId === review.linkId &&
        effect.row.versions.at(-1)?.state === "live",
    )
    // or it was found there before the store was put back: whoever looks knows it again
    const known = [...world.systems.values()].some(
      (system) =>
        review.binding === `${system.name}.people` &&
        system.live().some((row) => review.recordId !== null && world.knowledge.recordOf.get(row) === review.recordId),
    )
    const late = [...world.wires.values()].some((wire) => wire.pending > 0)
    if (world.twists.answers === true && roll.is(0.6)) {
      const choice = widerChoiceFor(review, roll, clocksOf(world))
      if (choice !== null) return choice
    }
    return choiceFor(review, roll, made || known || late)
  }
  private async answer(review: Review, choice: Choice): Promise<void> {
    const { world } = this
    const decision: Extract<Decision, { kind: "resolve" }> = {
      kind: "resolve",
      id: world.nextId("dec"),
      at: world.time.now,
      by: "ann",
      note: null,
      reviewId: review.id,
      hash: review.hash,
      choice,
    }
    if (review.kind === "delete_vs_edit" && choice.take === "delete" && review.recordId !== null) world.decidedDeletes.add(review.recordId)
    world.answers.give(decision, review)
    for (const id of [review.recordId, ...review.candidates]) if (id !== null) world.undoing.decided(id, world.time.now)
    if (review.kind !== "conflict") world.deaths.decided(world.time.now)
    world.flips.calm()
    world.flips.begin(null)
    await world.ask(world.store.decide(decision))
    world.note(`ann answers ${review.id} (${review.kind}: ${review.message}): ${JSON.stringify(choice)}`)
  }
}
