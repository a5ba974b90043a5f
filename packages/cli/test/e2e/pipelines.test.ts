// Pipelines and data that are not those of the examples: CSV seeds with other columns, one way only, three systems.
import { join } from "node:path"
import { writeFileSync } from "node:fs"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { isObject, type Json } from "@syncline/connector"
import { folder } from "../child.ts"
import { contactAddress, memberAddress } from "./in-step.ts"
import { openMock, type Kind, type Mock } from "./mock.ts"
import { town, type Item } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const another = async (kind: Kind, csv?: string): Promise<Mock> => {
  const dir = folder()
  const seed = join(dir, "seed.csv")
  if (csv !== undefined) writeFileSync(seed, csv)
  const mock = await openMock(kind, join(dir, "system.db"), csv === undefined ? undefined : seed)
  onTestFinished(() => mock.stop())
  return mock
}

const quiet = async (...mocks: readonly Mock[]): Promise<void> => {
  await Promise.all(mocks.map((mock) => mock.forget()))
  await world.synced()
  expect((await Promise.all(mocks.map((mock) => mock.writes()))).flat()).toEqual([])
}

const schema = JSON.stringify({
  type: "object",
  required: ["mail"],
  properties: {
    mail: { type: "string" },
    name: { type: ["string", "null"] },
    firm: { type: ["string", "null"] },
    labels: { type: "array", items: { type: "string" } },
    active: { type: "boolean" },
  },
})

const systemsOf = (names: readonly string[]): string =>
  names
    .map((name) =>
      name.startsWith("news")
        ? `  ${name}: { connector: mock-email, config: { baseUrl: "\${${name.toUpperCase()}_URL}", apiKey: demo-key, list: newsletter } }`
        : `  ${name}: { connector: mock-crm, config: { baseUrl: "\${${name.toUpperCase()}_URL}", clientId: demo-client, clientSecret: "\${SECRET}" } }`,
    )
    .join("\n")

const useSystems = (mocks: Readonly<Record<string, Mock>>, pipeline: string): void => {
  world.env = {
    SECRET: "demo-secret",
    ...Object.fromEntries(Object.entries(mocks).map(([name, mock]) => [`${name.toUpperCase()}_URL`, mock.url])),
  }
  world.write("entity.json", schema)
  world.write(FILE, pipeline)
}

test("CSV seeds with quotes, blanks and other alphabets come together, and every value survives", async () => {
  await world.begin({ crm: [], email: [] })
  const crm = await another(
    "crm",
    [
      "first_name,last_name,email,account.name,labels,stage",
      'Zoë,"O\'Brien, Jr.",ZOE@example.com,"Brien & ""Sons""",a;b,customer',
      "محمد,زيدان,mz@example.com,,,lead",
      "李,小龙,lee@example.com,龙 GmbH,c,customer",
    ].join("\n"),
  )
  const email = await another(
    "email",
    [
      "email_address,status,merge_fields.FNAME,merge_fields.LNAME,merge_fields.COMPANY,tags",
      "zoe@example.com,subscribed,Zoë,,,b;c",
      "nina@example.com,unsubscribed,Нина,,Ромашка,x",
    ].join("\n"),
  )
  useSystems(
    { crm, news: email },
    `
version: 1
name: from-csv
systems:
${systemsOf(["crm", "news"])}
entities:
  someone:
    schema: ./entity.json
    match: [[mail]]
    on_match: fill_blanks
    bindings:
      crm.contacts:
        fields:
          mail: { path: email, as: [trim, lower] }
          name: last_name
          firm: account.name
          labels: { path: labels, as: [set] }
        on_delete: propagate
      news.members:
        fields:
          mail: { path: email_address, as: [trim, lower] }
          name: merge_fields.LNAME
          firm: merge_fields.COMPANY
          labels: { path: tags, as: [set] }
          active: { path: status, as: [{ map: { subscribed: true, unsubscribed: false } }] }
        on_delete: archive
    conflicts: { default: newest, fields: { labels: union } }
`,
  )
  await world.synced()
  const rows = (await crm.items()).map((item) => [
    contactAddress(item),
    item["last_name"] ?? "",
    nested(item, "account", "name") ?? "",
    sorted(item["labels"]),
  ])
  const expected = [
    ["lee@example.com", "小龙", "龙 GmbH", ["c"]],
    ["mz@example.com", "زيدان", "", []],
    ["nina@example.com", "", "Ромашка", ["x"]],
    ["zoe@example.com", "O'Brien, Jr.", 'Brien & "Sons"', ["a", "b", "c"]],
  ]
  expect(rows.toSorted(byFirst)).toEqual(expected)
  const members = (await email.items()).map((item) => [
    memberAddress(item),
    nested(item, "merge_fields", "LNAME") ?? "",
    nested(item, "merge_fields", "COMPANY") ?? "",
    sorted(item["tags"]),
  ])
  expect(members.toSorted(byFirst)).toEqual(expected)
  await quiet(crm, email)
})

test("one way only: what changes at the end of the road flows nowhere, and is not undone without being asked", async () => {
  const people = town(40, 61)
  await world.begin({ crm: people.crm, email: [] })
  useSystems(
    { crm: world.crm, news: world.email },
    `
version: 1
name: one-way
systems:
${systemsOf(["crm", "news"])}
entities:
  someone:
    schema: ./entity.json
    match: [[mail]]
    bindings:
      crm.contacts:
        fields:
          mail: { path: email, as: [trim, lower], direction: in }
          name: { path: last_name, direction: in }
          firm: { path: account.name, direction: in }
      news.members:
        fields:
          mail: { path: email_address, as: [trim, lower], direction: out }
          name: { path: merge_fields.LNAME, direction: out }
          firm: { path: merge_fields.COMPANY, direction: out }
        on_delete: archive
`,
  )
  await world.synced()
  expect((await world.email.items()).map(memberAddress).toSorted()).toEqual(people.crm.map(contactAddress).toSorted())
  const [first, second] = await world.email.items()
  await world.email.call("PATCH", `/lists/newsletter/members/${String(first?.["id"])}`, { merge_fields: { FNAME: "Hand" } })
  await world.crm.forget()
  const contact = (await world.crm.items()).find((item) => contactAddress(item) === memberAddress(second ?? {}))
  await world.crm.call("PATCH", `/contacts/${String(contact?.["id"])}`, { last_name: "Onward" })
  await world.crm.forget()
  await world.synced()
  expect(await world.crm.writes()).toEqual([])
  const now = (await world.email.items()).find((item) => memberAddress(item) === memberAddress(second ?? {}))
  expect(nested(now, "merge_fields", "LNAME")).toBe("Onward")
  await quiet(world.crm, world.email)
})

test("three systems hold one person each once, wherever the person came from and whoever was edited", async () => {
  const people = town(60, 62)
  const half = Math.floor(people.crm.length / 2)
  await world.begin({ crm: people.crm.slice(0, half), email: people.email })
  const sales = await another("crm")
  await sales.refill(people.crm.slice(half - 5))
  const mocks = { crm: world.crm, sales, news: world.email }
  const contacts = (name: string): string => `
      ${name}.contacts:
        fields:
          mail: { path: email, as: [trim, lower] }
          name: { path: last_name, as: [trim] }
          firm: account.name
          labels: { path: labels, as: [set] }
        on_delete: propagate`
  useSystems(
    mocks,
    `
version: 1
name: three
systems:
${systemsOf(["crm", "sales", "news"])}
entities:
  someone:
    schema: ./entity.json
    match: [[mail]]
    on_match: newest
    bindings:${contacts("crm")}${contacts("sales")}
      news.members:
        fields:
          mail: { path: email_address, as: [trim, lower] }
          name: { path: merge_fields.LNAME, as: [trim] }
          firm: merge_fields.COMPANY
          labels: { path: tags, as: [set] }
        on_delete: archive
    conflicts: { default: newest, fields: { labels: union } }
`,
  )
  const seen = async (): Promise<readonly (readonly [string, readonly Json[]])[]> => {
    const of = (items: readonly Item[], read: (item: Item) => readonly Json[]): readonly Json[] => items.map(read).toSorted(byFirst)
    const contact = (item: Item): readonly Json[] => [
      contactAddress(item),
      item["last_name"] ?? "",
      nested(item, "account", "name") ?? "",
      sorted(item["labels"]),
    ]
    const member = (item: Item): readonly Json[] => [
      memberAddress(item),
      nested(item, "merge_fields", "LNAME") ?? "",
      nested(item, "merge_fields", "COMPANY") ?? "",
      sorted(item["tags"]),
    ]
    return [
      ["crm", of(await world.crm.items(), contact)],
      ["sales", of(await sales.items(), contact)],
      ["news", of(await world.email.items(), member)],
    ]
  }
  const sameEverywhere = async (): Promise<void> => {
    const [crm, second, news] = await seen()
    expect(second?.[1]).toEqual(crm?.[1])
    expect(news?.[1]).toEqual(crm?.[1])
  }
  await world.synced()
  await sameEverywhere()
  expect(await world.crm.items()).toHaveLength(60)
  await quiet(world.crm, sales, world.email)
  const [one, two] = (await sales.items()).toSorted((a, b) => (contactAddress(a) < contactAddress(b) ? -1 : 1))
  await sales.call("PATCH", `/contacts/${String(one?.["id"])}`, { email: "elsewhere@town.example", last_name: "Moved" })
  await sales.call("DELETE", `/contacts/${String(two?.["id"])}`)
  await world.synced()
  await sameEverywhere()
  expect(await world.crm.items()).toHaveLength(59)
  await quiet(world.crm, sales, world.email)
})

const nested = (item: Item | undefined, outer: string, inner: string): Json | undefined => {
  const part = item?.[outer]
  return isObject(part) ? part[inner] : undefined
}
const sorted = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String).toSorted() : [])
const byFirst = (a: readonly Json[] | Json, b: readonly Json[] | Json): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
