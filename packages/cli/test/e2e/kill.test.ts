// A process that is killed in the middle loses nothing and makes nothing twice, however often and whenever it happens.
import { afterAll, beforeAll, expect, test } from "vitest"
import { chance, town } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

/** Set it to 5000 for a long look. */
const PEOPLE = Number(process.env["SYNCLINE_PEOPLE"] ?? 300)
const SEED = Number(process.env["SYNCLINE_SEED"] ?? 7)
/** `pnpm kills --rounds 500` for a long look. */
const KILLS = Number(process.env["SYNCLINE_KILLS"] ?? 20)

/** Trouble that a dying process may meet; each round draws one, or none. */
const BATCH = { method: "POST", path: "/batch$" }
const TROUBLES = [
  [],
  [{ kind: "applied-no-answer", times: 1, match: BATCH }],
  [{ kind: "truncated", times: 1, match: BATCH }],
  [{ kind: "status", status: 503, times: 1, match: BATCH }],
] as const

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** Rounds with manifests in place of the coded connectors. */
const KILLS_WITHOUT_CODE = Math.ceil(KILLS / 5)

test.each([
  { connectors: "code", rounds: KILLS, withoutCode: false },
  { connectors: "manifests", rounds: KILLS_WITHOUT_CODE, withoutCode: true },
])(
  "a first sync by $connectors that is killed again and again is completed by the next run, with nobody twice",
  { timeout: 600_000 + KILLS * 10_000 },
  async ({ rounds, withoutCode }) => {
    await world.begin(town(PEOPLE, SEED), { withoutCode })
    const random = chance(SEED)
    const moments: string[] = []
    for (let round = 0; round < rounds; round++) {
      const trouble = TROUBLES[Math.floor(random() * TROUBLES.length)] ?? []
      if (trouble.length > 0) await (random() < 0.5 ? world.crm : world.email).fault(...trouble)
      // somebody new in every round, so that none finds nothing to do
      const late = town(5, SEED + round + 1, { both: 0, crm: 1 }).crm.map((item, n) => ({
        ...item,
        email: `late.${round}.${n}@town.example`,
      }))
      if (round > 0) await world.crm.call("POST", "/admin/seed", late)
      const child = world.start("run", FILE)
      // the first line proves that it is at work; from there on any moment may be its last
      await child.says(/read/)
      const lives = random() * (PEOPLE < 1000 ? 500 : 4000)
      const timer = setTimeout(() => child.process.kill("SIGKILL"), lives)
      const { code } = await child.ended
      clearTimeout(timer)
      moments.push(`${Math.round(lives)} ms: ${code === null ? "killed" : `ended with ${code}`}`)
    }
    await Promise.all([world.crm.heal(), world.email.heal()])
    let last = await world.cli("run", FILE)
    // a write without an answer is judged when it can no longer arrive
    for (let more = 0; more < 4 && (last.code !== 0 || (await world.differences()).length > 0); more++) last = await world.cli("run", FILE)
    expect(await world.differences(), `${moments.join(", ")}\n${last.out}${last.err}`).toEqual([])
    expect(last.code).toBe(0)
    await Promise.all([world.crm.forget(), world.email.forget()])
    const again = await world.cli("run", FILE)
    expect(again.code).toBe(0)
    expect([...(await world.crm.writes()), ...(await world.email.writes())]).toEqual([])
  },
)
