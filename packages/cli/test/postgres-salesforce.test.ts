// The story of examples/06: a real PostgreSQL server and a fake of Salesforce, kept in step by the command that users have.
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { demoClient, demoSecret, fake } from "@syncline/salesforce/fake"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startServer, type Server } from "@syncline/postgres/fake"
import { start, type Ended } from "./child.ts"

const EXAMPLE = fileURLToPath(new URL("../../../examples/06-postgres-salesforce", import.meta.url))

let server: Server
let client: Awaited<ReturnType<Server["database"]>>
let salesforce: Awaited<ReturnType<typeof fake.start>>
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "syncline-06-"))
  cpSync(EXAMPLE, folder, { recursive: true })
  server = await startServer()
  client = await server.database("shop")
  await client.query(readFileSync(join(folder, "schema.sql"), "utf8"))
  salesforce = await fake.start({ seed: JSON.parse(readFileSync(join(folder, "salesforce.json"), "utf8")) })
})
afterAll(async () => {
  await salesforce.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const syncline = (...args: readonly string[]): Promise<Ended> =>
  start(args, {
    cwd: folder,
    env: {
      DATABASE_URL: server.url("shop"),
      SALESFORCE_URL: salesforce.url,
      SALESFORCE_CLIENT_ID: demoClient,
      SALESFORCE_CLIENT_SECRET: demoSecret,
    },
  }).ended

const customer = async (email: string): Promise<Record<string, unknown>> =>
  (await client.query("SELECT first_name, phone, plan, marketing, address->>'city' AS city FROM customers WHERE email = $1", [email]))
    .rows[0]
const contacts = () =>
  new Map(salesforce.world.all("Contact").flatMap((each) => (each.deleted ? [] : [[String(each.fields["Email"]), each]])))
const contact = (email: string) => {
  const found = contacts().get(email)
  if (found === undefined) throw new Error(`there is no contact ${email}`)
  return found
}

test("customers in a table and contacts in Salesforce stay in step", { timeout: 240_000 }, async () => {
  const checked = await syncline("check", "pipeline.yaml")
  expect([checked.code, checked.err]).toEqual([0, ""])

  // the first meeting: the application is right, Salesforce fills in; a closed account is not put there
  expect((await syncline("run", "pipeline.yaml")).code).toBe(0)
  expect([...contacts().keys()].toSorted()).toEqual([
    "ada@harbour.example",
    "ben@okafor.example",
    "chiara@rossi.example",
    "elif@kaya.example",
  ])
  expect(contact("ada@harbour.example").fields).toMatchObject({
    // the same number, written as sales wrote it
    Phone: "070-123 45 67",
    MailingCity: "Göteborg",
    Title: "CTO",
    Department: "business",
  })
  expect((await client.query("SELECT count(*)::int AS n FROM customers")).rows).toEqual([{ n: 4 }])

  // nothing more to say
  const writes = () => salesforce.requests().filter((each) => each.write).length
  const before = writes()
  expect((await syncline("run", "pipeline.yaml")).out).toMatch(/nothing to write/)
  expect(writes()).toBe(before)

  // edits on both sides: names and cities flow, the plan goes one way, a no stays a no
  await client.query(
    "UPDATE customers SET plan = 'business', address = address || '{\"city\": \"Abuja\"}' WHERE email = 'ben@okafor.example'",
  )
  salesforce.world.update("Contact", contact("chiara@rossi.example").id, { FirstName: "Chiara", HasOptedOutOfEmail: true })
  salesforce.world.update("Contact", contact("ada@harbour.example").id, { Department: "sold everything" })
  expect((await syncline("run", "pipeline.yaml")).code).toBe(0)
  expect(contact("ben@okafor.example").fields).toMatchObject({ Department: "business", MailingCity: "Abuja" })
  expect(await customer("chiara@rossi.example")).toMatchObject({ first_name: "Chiara", marketing: false })
  expect(contact("ada@harbour.example").fields).toMatchObject({ Department: "business" })

  // one phone number, two opinions: a person decides
  await client.query("UPDATE customers SET phone = '+46709999999' WHERE email = 'ada@harbour.example'")
  salesforce.world.update("Contact", contact("ada@harbour.example").id, { Phone: "+46708888888" })
  expect((await syncline("run", "pipeline.yaml")).code).toBe(1)
  const resolved = await syncline("review", "resolve", "pipeline.yaml", "--field", "phone", "--take", "salesforce", "--yes")
  expect([resolved.code, resolved.err]).toEqual([0, ""])
  expect((await syncline("run", "pipeline.yaml")).code).toBe(0)
  expect(await customer("ada@harbour.example")).toMatchObject({ phone: "+46708888888" })

  // a contact that is deleted leaves the customer; a customer that is deleted takes the contact along
  salesforce.world.remove("Contact", contact("chiara@rossi.example").id)
  await client.query("DELETE FROM customers WHERE email = 'ben@okafor.example'")
  expect((await syncline("run", "pipeline.yaml")).code).toBe(0)
  expect(contacts().has("ben@okafor.example")).toBe(false)
  expect(await customer("chiara@rossi.example")).toMatchObject({ marketing: false })

  expect((await syncline("verify", "pipeline.yaml")).out).toMatch(/No difference/)
})
