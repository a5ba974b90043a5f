// A pass from the outside: what it prints, how it ends, and what the systems hold afterwards.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { openSqliteStore } from "@syncline/store"
import * as Effect from "effect/Effect"
import { describe, expect, onTestFinished, test } from "vitest"
import { addressOf, textAt } from "../../src/demo/actors.ts"
import { call } from "../hostile/call.ts"
import { world } from "../world.ts"

const SLOW = { timeout: 60_000 }

describe("a quiet world", SLOW, () => {
  test("a first run carries people over, a second one writes nothing and says so", async () => {
    const { syncline, customer, email, crm } = await world()
    await customer("Ada")
    const first = await syncline("run")
    expect(first.code).toBe(0)
    expect(first.out).toContain("1 write")
    expect((await email.items()).map(addressOf)).toEqual(["ada@example.com"])
    const before = (await crm.writes()) + (await email.writes())
    const second = await syncline("run")
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining("nothing to write") })
    expect((await crm.writes()) + (await email.writes())).toBe(before)
  })

  test("status, log and explain tell what was done", async () => {
    const { syncline, customer } = await world()
    await customer("Ada")
    await syncline("run")
    expect((await syncline("status")).out).toContain("all in step")
    expect((await syncline("log")).out).toMatch(/created +ada@example\.com +email\.members/)
    const { out } = await syncline("explain", "ada@example.com")
    expect(out).toContain("givenName: written by crm")
    expect((await syncline("explain", "ada@example.com.givenName")).out).toContain("History of givenName")
    expect(await syncline("explain", "nobody@example.com")).toMatchObject({ code: 2, err: expect.stringContaining("No record is found") })
    expect(JSON.parse((await syncline("log", "--json", "--record", "ada@example.com")).out)).toMatchObject({ command: "log", version: 1 })
    expect((await syncline("log", "--record", "nobody@example.com")).out).toBe("Nothing about nobody@example.com is in the journal.\n")
  })
})

describe("a plan", SLOW, () => {
  test("shows what would be written and leaves no trace, not even a store", async () => {
    const { syncline, customer, crm, email, cwd } = await world()
    await customer("Ada", { last_name: "Love\u001b[2Jlace" })
    const { code, out } = await syncline("plan", "--exit-code")
    expect(code).toBe(10)
    expect(out).toContain("create in email.members  1 item")
    expect(out).toContain("Lovelace")
    expect(out).not.toContain("\u001b")
    expect(existsSync(join(cwd, ".syncline"))).toBe(false)
    expect(await email.writes()).toBe(0)
    expect(await crm.writes()).toBe(1)
  })

  test("that was kept is carried out exactly, and only once", async () => {
    const { syncline, customer, email, cwd } = await world()
    await customer("Ada")
    await syncline("plan", "--out", "plan.json")
    const kept: unknown = JSON.parse(readFileSync(join(cwd, "plan.json"), "utf8"))
    expect(kept).toMatchObject({ file: "pipeline.yaml", plan: { writes: [{ kind: "create", label: expect.stringContaining("ada") }] } })
    expect((await syncline("apply", "plan.json")).code).toBe(0)
    expect(await email.items()).toHaveLength(1)
    const again = await syncline("apply", "plan.json")
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining("Nothing was written") })
  })

  test("is not carried out at all if anything moved", async () => {
    const { syncline, customer, email } = await world()
    await customer("Ada")
    await syncline("plan", "--out", "plan.json")
    await customer("Bob")
    const { code, out } = await syncline("apply", "plan.json")
    expect(code).toBe(1)
    expect(out).toMatch(/Nothing was written[\s\S]*bob@example\.com/)
    expect(await email.items()).toHaveLength(0)
  })
})

describe("trouble", SLOW, () => {
  test("a system that is down ends the run with 4, one clear line, and nothing lost", async () => {
    const { syncline, customer, email } = await world()
    await syncline("run")
    await customer("Ada")
    await email.breakDown()
    const { code, out } = await syncline("run")
    expect(code).toBe(4)
    expect(out).toMatch(/✗ email cannot be reached: .*\n.*Next: syncline run pipeline\.yaml/)
    await email.repair()
    expect((await syncline("run")).code).toBe(0)
    expect(await email.items()).toHaveLength(1)
  })

  test("wrong credentials end it with 4, and are shown nowhere", async () => {
    const { cwd, env } = await world()
    const wrong = { ...env, CRM_TOKEN: "canary-4f1c9a", EMAIL_KEY: "canary-77b2" }
    for (const args of [["run"], ["check"], ["plan"], ["run", "--json"], ["check", "--json"], ["status"], ["log"]]) {
      const { out, err, code } = await call(cwd, args, { ...wrong, SYNCLINE_DEBUG: "1" })
      expect(out + err).not.toContain("canary")
      expect(["status", "log"].includes(args[0] ?? "") || code === 4).toBe(true)
    }
    const { out } = await call(cwd, ["run"], wrong)
    expect(out).toMatch(/✗ crm refuses the credentials/)
  })

  test("too many deletes stop with 3, and the line to let them through works", async () => {
    const { syncline, customer, crm, email } = await world()
    const people = await Promise.all(Array.from({ length: 14 }, (_, n) => customer(`Person${n}`)))
    await syncline("run")
    for (const person of people.slice(0, 12)) {
      await fetch(`${crm.url}/contacts/${textAt(person, "id")}`, { method: "DELETE", headers: { authorization: "Bearer demo-token" } })
    }
    const stopped = await syncline("run")
    expect(stopped.code).toBe(3)
    expect(stopped.out).toContain("syncline run pipeline.yaml --allow delete=12")
    expect(await email.items()).toHaveLength(14)
    expect((await syncline("run", "--allow", "delete=12")).code).toBe(0)
    expect(await email.items()).toHaveLength(2)
  })

  test("another run in progress is named, and this one changes nothing", async () => {
    const { syncline, customer, email, cwd } = await world()
    await syncline("run")
    await customer("Ada")
    const store = await Effect.runPromise(openSqliteStore({ path: join(cwd, ".syncline", "crm-email.db") }))
    onTestFinished(() => Effect.runPromise(store.close()))
    await Effect.runPromise(store.acquire("the other one", Date.now(), 60_000))
    const { code, err } = await syncline("run")
    expect(code).toBe(1)
    expect(err).toContain("Another run is in progress: the other one")
    expect(await email.items()).toHaveLength(0)
  })
})
