import { describe, expect, it } from "vitest"
import { connected, contact } from "./connected.ts"

const ADA = contact("1", { email: "ada@harbour.example", firstname: "Ada", phone: "5" })
const BEN = contact("2", { email: "ben@okafor.example", firstname: "Ben" })

describe("a batch of creates", () => {
  it("makes whom it can in one call, names the holder of a taken address, and says which value is wrong", async () => {
    const { connector, calls } = await connected({ seed: { contacts: [ADA] } })
    const outcomes = await connector.write(
      "contacts",
      { kind: "create", set: { email: "Chiara@Rossi.example", firstname: "Chiara" } },
      { kind: "create", set: { email: "ADA@harbour.example" } },
      { kind: "create", set: { email: "dmitri@orlov.example", lifecyclestage: "enemy" } },
    )
    expect(outcomes).toMatchObject([
      { status: "applied" },
      { status: "failed", fault: { class: "duplicate", existingId: "1" } },
      { status: "failed", fault: { class: "invalid" } },
    ])
    expect(calls("/batch/create").map(({ status }) => status)).toEqual([207])
    expect(calls("/batch/create").length).toBe(1)
  })

  it("of a hundred goes out at once", async () => {
    const { connector, calls } = await connected()
    const ops = Array.from({ length: 100 }, (_, at) => ({ kind: "create" as const, set: { email: `p${at}@harbour.example` } }))
    const outcomes = await connector.write("contacts", ...ops)
    expect(outcomes.every(({ status }) => status === "applied")).toBe(true)
    expect(calls("/batch/create").length).toBe(1)
  })
})

describe("updates", () => {
  it("are refused one by one, though HubSpot refuses the batch for one bad value", async () => {
    const { system, connector } = await connected({ seed: { contacts: [ADA, BEN] } })
    const outcomes = await connector.write(
      "contacts",
      { kind: "update", id: "1", set: { firstname: "Ada K." }, seen: { firstname: "Ada" } },
      { kind: "update", id: "2", set: { lifecyclestage: "enemy" }, seen: { firstname: "Ben" } },
    )
    expect(outcomes).toMatchObject([
      { status: "applied", id: "1" },
      { status: "failed", fault: { class: "invalid", fields: { lifecyclestage: expect.stringContaining("allowed options") } } },
    ])
    expect(system.world.contacts.get("1")?.item["firstname"]).toBe("Ada K.")
  })

  it("clear by an empty text, leave the rest alone, and write nothing over what somebody else just changed", async () => {
    const { system, connector } = await connected({ seed: { contacts: [ADA, BEN] } })
    system.world.update("contacts", "2", { firstname: "Benjamin" })
    const outcomes = await connector.write(
      "contacts",
      { kind: "update", id: "1", set: { phone: null }, seen: { phone: "5" } },
      { kind: "update", id: "2", set: { firstname: "Benny" }, seen: { firstname: "Ben" } },
    )
    expect(outcomes).toMatchObject([{ status: "applied" }, { status: "failed", fault: { class: "conflict" } }])
    expect(system.world.contacts.get("1")?.item).toMatchObject({ phone: "", firstname: "Ada" })
    expect(system.world.contacts.get("2")?.item).toMatchObject({ firstname: "Benjamin" })
  })
})

describe("companies of a contact", () => {
  it("are linked and unlinked one by one, and siblings that others linked meanwhile stay", async () => {
    const companies = ["7", "8", "9"].map((id) => contact(id, { name: `Company ${id}` }))
    const { system, connector } = await connected({ seed: { contacts: [ADA], companies } })
    const read = async () => (await connector.scan("contacts", "snapshot", null)).changes
    await connector.write("contacts", { kind: "update", id: "1", set: { companies: ["7", "8"] }, seen: { companies: [] } })
    expect(await read()).toMatchObject([{ item: { companies: ["7", "8"] } }])
    // somebody links the third in HubSpot
    await fetch(`${system.url}/crm/v4/objects/contacts/1/associations/default/companies/9`, {
      method: "PUT",
      headers: { authorization: "Bearer hubspot-demo-token" },
    })
    const [outcome] = await connector.write("contacts", {
      kind: "update",
      id: "1",
      set: { companies: ["8"] },
      seen: { companies: ["7", "8"] },
    })
    expect(outcome).toMatchObject({ status: "applied" })
    expect(await read()).toMatchObject([{ item: { companies: ["8", "9"] } }])
  })

  it("are set with the contact itself", async () => {
    const { connector } = await connected({ seed: { companies: [contact("7", { name: "Harbour" })] } })
    const [made] = await connector.write("contacts", { kind: "create", set: { email: "ada@harbour.example", companies: ["7"] } })
    expect(made).toMatchObject({ status: "applied" })
    expect((await connector.scan("contacts", "snapshot", null)).changes).toMatchObject([{ item: { companies: ["7"] } }])
  })
})

describe("deletes", () => {
  it("archive in one call, and whoever is gone is gone", async () => {
    const { system, connector, calls } = await connected({ seed: { contacts: [ADA, BEN] } })
    const outcomes = await connector.write(
      "contacts",
      { kind: "delete", id: "1" },
      { kind: "delete", id: "2" },
      { kind: "delete", id: "99" },
    )
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied", "applied"])
    expect(system.world.contacts.deleted().map(({ id }) => id)).toEqual(["1", "2"])
    expect(calls("/batch/archive").length).toBe(1)
  })
})
