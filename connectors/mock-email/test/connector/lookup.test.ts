import { createHash } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { LookupAnswer } from "@syncline/connector"
import { connect, type Connected } from "./connected.ts"
import { listIn, members } from "../platform.ts"

const md5 = (text: string): string => createHash("md5").update(text).digest("hex")
const kindOf = (answer: LookupAnswer | undefined): string =>
  answer === undefined ? "none" : "found" in answer ? answer.found.kind : answer.fault.class

describe("looking members up", () => {
  let connected: Connected
  beforeAll(async () => {
    connected = await connect()
    const people = Array.from({ length: 500 }, (_, i) => ({ email_address: `somebody-with-a-long-name-${i}@example.com` }))
    await connected.platform.call("POST", "/admin/seed", [...people, { email_address: "away@x.com", status: "archived" }])
  })
  afterAll(() => connected.close())
  const lookup = async (by: string, values: string[]) => (await connected.connector.lookup?.("members", by, values)) ?? []

  it("500 values are answered one for one, in their order", async () => {
    const all = listIn((await connected.platform.call("GET", `${members}?count=500&sort=created`)).body)
    for (const [by, field] of [
      ["id", "id"],
      ["secondary", "contact_id"],
      ["email", "email_address"],
    ] as const) {
      const values = all.map((member) => String(member[field])).toReversed()
      const answers = await lookup(by, values)
      expect(answers.map((answer) => ("found" in answer && answer.found.kind === "upsert" ? answer.found.item[field] : null))).toEqual(
        values,
      )
    }
  })

  it("an address is found however it is written, and twice if asked twice", async () => {
    const address = "somebody-with-a-long-name-7@example.com"
    const answers = await lookup("email", [` ${address.toUpperCase()}`, address])
    expect(answers.map(kindOf)).toEqual(["upsert", "upsert"])
  })

  it("who is not there is not found, who is archived is a soft delete", async () => {
    expect((await lookup("id", [md5("nobody@x.com"), "", "a,b", md5("away@x.com")])).map(kindOf)).toEqual([
      "notFound",
      "notFound",
      "notFound",
      "delete",
    ])
  })

  it("an unknown way of asking is refused", async () => {
    await expect(lookup("phone", ["1"])).rejects.toMatchObject({ fault: { class: "invalid" } })
  })
})
