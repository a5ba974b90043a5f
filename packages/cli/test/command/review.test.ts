// A dispute from beginning to end, as a person goes through it.
import { expect, test } from "vitest"
import { textAt } from "../../src/demo/actors.ts"
import { world, type World } from "../world.ts"

const PHONES = { crm: "+14155550177", email: "+16505550142" }

/** Ada, with another phone on each side. */
async function disputed(): Promise<World> {
  const at = await world()
  const ada = await at.customer("Ada", { phone: "+14155550123" })
  await at.syncline("run")
  await at.crm.update(textAt(ada, "id"), { phone: PHONES.crm })
  const [member] = await at.email.items()
  await at.email.update(textAt(member ?? {}, "id"), { merge_fields: { PHONE: PHONES.email } })
  expect((await at.syncline("run")).code).toBe(1)
  return at
}

const open = async (at: World): Promise<{ id: string; hash: string }[]> =>
  JSON.parse((await at.syncline("review", "list", "--json")).out).data

test("list and show put both sides before a person, resolve keeps the answer, the next run writes it", { timeout: 60_000 }, async () => {
  const at = await disputed()
  const [review] = await open(at)
  const id = review?.id ?? ""
  expect((await at.syncline("review", "list")).out).toMatch(/ada@example\.com +phone +.*crm \+14155550177/)
  const shown = await at.syncline("review", "show", id)
  expect(shown.out).toContain(`syncline review resolve pipeline.yaml ${id} --take email`)
  expect(shown.out).toMatch(/before +\+14155550123/)
  expect(await at.syncline("review", "resolve", id, "--take", "moon")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--take crm"),
  })
  expect(await at.syncline("review", "resolve", id, "--set", "email=x")).toMatchObject({
    code: 2,
    err: expect.stringContaining("about phone"),
  })
  expect(await at.syncline("review", "resolve", id)).toMatchObject({ code: 2, err: expect.stringContaining("What is the answer?") })
  expect(await at.syncline("review", "resolve", id, "--take", "crm", "--hash", "old")).toMatchObject({
    code: 1,
    err: expect.stringContaining("has changed since"),
  })
  expect(await at.syncline("review", "resolve", id, "--take", "email")).toMatchObject({
    code: 0,
    out: expect.stringContaining("The next run carries it out"),
  })
  expect((await at.syncline("review", "list")).out).toContain("answered: take email")
  expect((await at.syncline("run")).out).toContain("1 review settled")
  expect(textAt((await at.crm.items())[0] ?? {}, "phone")).toBe(PHONES.email)
  expect(await open(at)).toEqual([])
})

test("many are answered at once by a filter, with a value of one's own", { timeout: 60_000 }, async () => {
  const at = await disputed()
  const { code, out } = await at.syncline("review", "resolve", "--field", "phone", "--set", "phone=+12125550100")
  expect(code).toBe(0)
  expect(out).toContain("set +12125550100")
  expect((await at.syncline("run")).code).toBe(0)
  expect(textAt((await at.crm.items())[0] ?? {}, "phone")).toBe("+12125550100")
  expect(textAt((await at.email.items())[0] ?? {}, "merge_fields.PHONE")).toBe("+12125550100")
})

test("what cannot pass is listed with its reason, and can be dropped", { timeout: 60_000 }, async () => {
  const at = await world()
  await at.customer("Ada", { email: "not an address" })
  expect((await at.syncline("run")).code).toBe(1)
  const listed = await at.syncline("quarantine", "list")
  expect(listed.out).toContain("must be an e-mail address")
  const id = /syncline quarantine show pipeline\.yaml (\S+)/.exec(listed.out)?.[1] ?? ""
  expect((await at.syncline("quarantine", "show", id)).out).toContain("not an address")
  expect(await at.syncline("quarantine", "drop", id)).toMatchObject({ code: 0, out: expect.stringContaining("The next run does it") })
  expect((await at.syncline("run")).code).toBe(0)
  expect((await at.syncline("quarantine", "list")).out).toContain("Nothing in quarantine")
})
