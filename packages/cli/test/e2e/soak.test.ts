// Rounds of whatever people do in both systems at once, with trouble now and then. After each round and its runs both hold
// the same, nobody is there twice, nobody is lost who was not deleted, and another run writes nothing.
//   SYNCLINE_ROUNDS=50 SYNCLINE_SEED=3 for a long look; a failure names its seed and what was done.
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
import { contactAddress, memberAddress } from "./in-step.ts"
import { addressOf, chance, town, type Item } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

const ROUNDS = Number(process.env["SYNCLINE_ROUNDS"] ?? 2)
const SEED = Number(process.env["SYNCLINE_SEED"] ?? 5)
/** Set: one person may be touched twice in a round, also in both systems; questions are then answered for the CRM. */
const WILD = process.env["SYNCLINE_WILD"] !== undefined
const DEEDS = 14
const MOST_RUNS = 4

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const BATCH = { method: "POST", path: "/batch$" }
const TROUBLE: readonly (readonly ["crm" | "email", Item])[] = [
  ["crm", { kind: "applied-no-answer", times: 1, match: BATCH }],
  ["crm", { kind: "partial-batch", times: 1, fail_every: 3, drop_every: 4, shuffle: true }],
  ["crm", { kind: "status", status: 503, times: 1 }],
  ["crm", { kind: "cursor-expired", times: 1 }],
  ["crm", { kind: "truncated", times: 1, match: BATCH }],
  ["email", { kind: "applied-no-answer", times: 1, match: BATCH }],
  ["email", { kind: "partial-batch", times: 1, keep: 2, rest: "unreported" }],
  ["email", { kind: "partial-batch", times: 1, keep: 2, rest: "missing" }],
  ["email", { kind: "truncated", times: 1, match: BATCH }],
]

type Random = () => number
const pick = <A>(list: readonly A[], random: Random): A => {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new Error("there is nothing to choose from")
  return one
}

/** One thing that somebody does somewhere, told in a few words. Never two things to one person in one round. */
async function deed(random: Random, touched: Set<string>, fresh: () => string): Promise<string> {
  const side = random() < 0.5 ? "crm" : "email"
  const addressIn = side === "crm" ? contactAddress : memberAddress
  const free = (await world[side].items())
    .filter((item) => WILD || !touched.has(addressIn(item)))
    .toSorted((a, b) => (addressIn(a) < addressIn(b) ? -1 : 1))
  const item = pick(free, random)
  const address = addressIn(item)
  const path = side === "crm" ? `/contacts/${String(item["id"])}` : `/lists/newsletter/members/${String(item["id"])}`
  const what = random()
  const word = `W${Math.floor(random() * 1e6)}`
  const patch = async (crm: Item, email: Item): Promise<string> => {
    touched.add(address)
    await world[side].call("PATCH", path, side === "crm" ? crm : email)
    return `${side}: ${address} ${JSON.stringify(side === "crm" ? crm : email)}`
  }
  if (what < 0.25) return patch({ last_name: word }, { merge_fields: { LNAME: word } })
  if (what < 0.4) return patch({ labels: [word, "vip"] }, { tags: [word, "vip"] })
  if (what < 0.55) {
    const address = fresh()
    touched.add(address)
    return patch({ email: address }, { email_address: address })
  }
  if (what < 0.65) return patch({ email_opt_out: true }, { status: "unsubscribed" })
  if (what < 0.75) {
    touched.add(address)
    await world[side].call("DELETE", path)
    return `${side}: ${address} is deleted`
  }
  const mail = fresh()
  touched.add(mail)
  const both = random() < 0.4
  if (both || side === "crm")
    await world.crm.call("POST", "/contacts", { first_name: "New", last_name: word, email: mail.toUpperCase(), stage: "customer" })
  if (both || side === "email")
    await world.email.call("POST", "/lists/newsletter/members", {
      email_address: mail,
      status: "subscribed",
      merge_fields: { LNAME: `${word}b` },
    })
  return `${both ? "both" : side}: ${mail} is new`
}

const open = async (): Promise<readonly Item[]> => {
  const reviews = await world.json("review", "list", FILE)
  return Array.isArray(reviews) ? reviews.filter(isObject) : []
}

const answerTo = (review: Item): string =>
  review["kind"] === "delete_vs_edit" ? "delete" : review["kind"] === "conflict" ? "crm" : "ignore"

test(`${ROUNDS} rounds of seed ${SEED} end in step`, { timeout: 3_600_000 }, async () => {
  const random = chance(SEED)
  await world.begin(town(60, SEED), { guards: "delete: { max: 50, percent: 100 }" })
  await world.synced()
  let made = 1000
  for (let round = 1; round <= ROUNDS; round++) {
    const told: string[] = []
    const touched = new Set<string>()
    for (let n = 0; n < DEEDS; n++) told.push(await deed(random, touched, () => addressOf(++made)))
    if (random() < 0.6) {
      const [side, fault] = pick(TROUBLE, random)
      await world[side].fault(fault)
      told.push(`${side}: ${JSON.stringify(fault)}`)
    }
    for (let run = 0; run < MOST_RUNS; run++) {
      const { code, out, err } = await world.cli("run", FILE)
      told.push(`run ended with ${code}\n${out}${err}`)
      expect([0, 1, 4], told.join("\n")).toContain(code)
      if (code === 0 && (await world.differences()).length === 0) break
    }
    await Promise.all([world.crm.heal(), world.email.heal()])
    const asked = await open()
    if (WILD && asked.length > 0) {
      for (const review of asked) {
        const answer = await world.cli("review", "resolve", FILE, String(review["id"]), "--take", answerTo(review))
        told.push(`asked ${JSON.stringify(review)}\nanswered ${answer.code} ${answer.out}${answer.err}`)
      }
      for (let run = 0; run < 2; run++) {
        const { code, out } = await world.cli("run", FILE)
        told.push(`run ended with ${code}\n${out}`)
      }
    }
    expect(await world.differences(), `round ${round}\n${told.join("\n")}`).toEqual([])
    expect(await open(), told.join("\n")).toEqual([])
    await Promise.all([world.crm.forget(), world.email.forget()])
    await world.synced()
    expect([...(await world.crm.writes()), ...(await world.email.writes())], `round ${round}\n${told.join("\n")}`).toEqual([])
  }
})
