// A dispute from beginning to end, as a person goes through it.
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
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
  // a list is no phone: refused at once, and left open where many are answered
  const noPhone = expect.stringContaining('"phone" must be')
  expect(await at.syncline("review", "resolve", id, "--set", "phone=[1]")).toMatchObject({ code: 2, err: noPhone })
  expect(await at.syncline("review", "resolve", "--field", "phone", "--set", "phone=[1]")).toMatchObject({ code: 0, out: noPhone })
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

test(
  "many are tried out first, then answered by the newest value with a note that the account keeps, and speak for the next answer",
  { timeout: 90_000 },
  async () => {
    const at = await world()
    const moveEmailClock = (ms: number): Promise<Response> =>
      fetch(`${at.email.url}/admin/clock`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ advance_ms: ms }),
      })
    // the platform's edits lie an hour before those in the CRM
    await moveEmailClock(-2 * 3_600_000)
    const names = ["Ada", "Bob", "Cleo", "Dan"]
    const people = []
    for (const [n, name] of names.entries()) people.push(await at.customer(name, { phone: `+1415555010${n}` }))
    await at.syncline("run")
    await moveEmailClock(3_600_000)
    for (const [n, member] of (await at.email.items()).entries())
      await at.email.update(textAt(member, "id"), { merge_fields: { PHONE: `+1650555014${n}` } })
    await moveEmailClock(3_600_000)
    for (const [n, person] of people.entries()) await at.crm.update(textAt(person, "id"), { phone: `+1415555017${n}` })
    expect((await at.syncline("run")).code).toBe(1)

    const listed = await at.syncline("review", "list", "--limit", "1")
    expect(listed.out).toMatch(/4 questions: phone, changed on both sides \(crm, email\)/)
    expect(listed.out).toContain("1 of 4 questions")
    expect((await at.syncline("review", "list", "--older-than", "7d")).out).toContain("No questions")
    expect((await at.syncline("review", "list", "--system", "moon")).out).toContain("No questions")
    expect(await at.syncline("review", "list", "--older-than", "soon")).toMatchObject({ code: 2 })

    const [first] = await open(at)
    const shown = await at.syncline("review", "show", first?.id ?? "")
    expect(shown.out).toMatch(/changed last: crm/)
    await at.syncline("review", "resolve", first?.id ?? "", "--take", "email", "--note", "she rang")
    const many = ["review", "resolve", "--field", "phone", "--system", "crm", "--take", "newest"]
    const tried = await at.syncline(...many, "--dry-run")
    expect(tried.code).toBe(0)
    expect(tried.out).toMatch(/3 questions would be answered, 1 left open:\n.*answered already by .*: take email/)
    expect(JSON.parse((await at.syncline("status", "--json")).out).data.pendingDecisions).toBe(1)

    const done = JSON.parse((await at.syncline(...many, "--note", "Monday's list", "--json")).out).data
    expect(done).toMatchObject({ dryRun: false, open: [{ review: first?.id }] })
    expect(done.decided.map((each: { choice: unknown }) => each.choice)).toEqual(Array(3).fill({ take: "system", system: "crm" }))
    expect((await at.syncline("run")).out).toContain("4 reviews settled")
    expect((await at.syncline("log", "--limit", "100")).out).toMatch(/Monday's\s+list/)
    expect((await at.syncline("review", "show", first?.id ?? "")).out).toContain("(she rang)")
    const phones = (await at.crm.items()).map((item) => textAt(item, "phone")).toSorted()
    expect(phones.filter((phone) => phone.startsWith("+14155550"))).toHaveLength(3)

    await at.crm.update(textAt(people[0] ?? {}, "id"), { phone: "+12125550100" })
    const [ada] = (await at.email.items()).filter((member) => textAt(member, "email_address") === "ada@example.com")
    await at.email.update(textAt(ada ?? {}, "id"), { merge_fields: { PHONE: "+12125550101" } })
    await at.syncline("run")
    const [next] = await open(at)
    expect((await at.syncline("review", "show", next?.id ?? "")).out).toContain(
      "4 questions like it were answered: take crm 3 of 4, take email 1 of 4",
    )
  },
)

test(
  "a second contact of one person is merged: it stays in the CRM, untouched, and fills what was blank",
  { timeout: 60_000 },
  async () => {
    const at = await world()
    await at.customer("Ada", { phone: null })
    await at.syncline("run")
    await at.customer("Ada", { phone: "+14155550123", first_name: "A." })
    expect((await at.syncline("run")).code).toBe(1)
    const [review] = await open(at)
    const id = review?.id ?? ""
    const shown = await at.syncline("review", "show", id)
    expect(shown.out).toContain(`syncline review resolve pipeline.yaml ${id} --merge`)
    expect(await at.syncline("review", "resolve", id, "--merge", "--take", "new")).toMatchObject({ code: 2 })
    expect((await at.syncline("review", "resolve", "--kind", "duplicate", "--merge", "--dry-run")).out).toContain("merge into rec_")
    expect((await at.syncline("review", "resolve", id, "--merge", "--note", "typed twice")).code).toBe(0)
    expect((await at.syncline("run")).out).toContain("1 review settled")
    expect((await at.syncline("review", "show", id)).out).toMatch(/merged into rec_\S+, crm\.contacts \S+ left alone \(typed twice\)/)
    expect((await at.crm.items()).map((item) => [textAt(item, "first_name"), textAt(item, "phone")]).toSorted()).toEqual([
      ["A.", "+14155550123"],
      ["Ada", "+14155550123"],
    ])
    expect((await at.email.items()).map((member) => textAt(member, "merge_fields.PHONE"))).toEqual(["+14155550123"])
    expect((await at.syncline("run")).out).toContain("nothing new to write")
  },
)

test(
  "a question that nobody answers makes a run need attention once, and is decided in the end if the pipeline says so",
  { timeout: 60_000 },
  async () => {
    const at = await disputed()
    const file = join(at.cwd, "pipeline.yaml")
    const text = readFileSync(file, "utf8")
    // as if a week had passed: the reminder is shorter than any pass
    writeFileSync(file, `${text}\nreviews:\n  remind: 1ms\n`)
    const reminded = await at.syncline("run")
    expect([reminded.code, reminded.out]).toEqual([1, expect.stringContaining("1 overdue")])
    expect((await at.syncline("status")).out).toMatch(/Questions are open, the oldest for .*; 1 is overdue/)
    expect(JSON.parse((await at.syncline("status", "--json")).out).data).toMatchObject({ overdue: 1 })
    writeFileSync(file, `${text}\nreviews:\n  expire: { after: 1ms, take: { prefer: crm } }\n`)
    expect((await at.syncline("run")).out).toContain("1 review settled")
    expect(textAt((await at.email.items())[0] ?? {}, "merge_fields.PHONE")).toBe(PHONES.crm)
    expect((await at.syncline("log", "--limit", "100", "--json")).out).toContain("expiry: ")
  },
)

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
