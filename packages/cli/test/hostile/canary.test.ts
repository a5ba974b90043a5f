// A unique text in every place that holds a secret, systems that repeat it in every answer, and each command that talks to
// them: not one byte of it in what is printed, in the store, in a plan, or in any other file.
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, onTestFinished, test } from "vitest"
import { startMockCrm } from "@syncline/mock-crm/server"
import { startMockEmail } from "@syncline/mock-email/server"
import { cli, folder } from "../child.ts"
import { call } from "./call.ts"

const TOKEN = "canary-token-5f0e1c77"
const KEY = "canary-key-a91b33d2"
const CLIENT = "canary-client-secret-0b8823"
const FILED = "canary-file-77aa21e0"
const BASIC = "canary-password-44e9f0"
const ACCESS = "canary-access-token-c0ffee01"
const CANARIES = [TOKEN, KEY, CLIENT, FILED, BASIC, ACCESS]

/** As it is, and in the spellings in which it gets into URLs, headers and logs. */
const spellings = CANARIES.flatMap((canary) => [
  canary,
  Buffer.from(canary).toString("hex"),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${"x".repeat(shift)}${canary}`)
      .toString("base64")
      .slice(shift + 4, -4),
  ),
])

const found = (bytes: string): readonly string[] => spellings.filter((spelling) => bytes.includes(spelling))

/** Every file below a folder but those that hold the secrets by intent. */
const leftIn = (path: string): string =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !["secret.txt", "pipeline.yaml"].includes(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n")

type Answer = (response: ServerResponse, told: string) => void

/** Repeats the credentials of each request, as careless systems do. */
async function parrot(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (bytes: Buffer) => (body += bytes.toString()))
    request.on("end", () => {
      if (request.url === "/oauth/token" && body.includes("client_credentials") && !answer.name.startsWith("refuse")) {
        response.writeHead(200, { "content-type": "application/json" })
        response.end(JSON.stringify({ access_token: ACCESS, token_type: "bearer", expires_in: 600 }))
      } else answer(response, `${JSON.stringify(request.headers)} ${body} ${request.url}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A TCP server that listens has an address object.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test("a secret would be found, in any spelling", () => {
  expect(
    found(`x ${TOKEN} ${Buffer.from(`me:${KEY}`).toString("base64")} ${Buffer.from(BASIC).toString("hex")}`).length,
  ).toBeGreaterThanOrEqual(3)
})

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(JSON.stringify(body))
}

const ANSWERS: readonly (readonly [string, Answer])[] = [
  ["refuse and quote the request", (response, told) => json(response, 401, { detail: told, errors: [{ field: told, message: told }] })],
  [
    "answer a page with the request",
    (response, told) => response.writeHead(200, { "content-type": "text/html" }).end(`<html>${told}</html>`),
  ],
  ["answer half a document with the request", (response, told) => response.writeHead(200).end(`{"a": ${JSON.stringify(told)}`)],
  ["redirect to the request", (response, told) => response.writeHead(302, { location: `/?q=${encodeURIComponent(told)}` }).end()],
  ["refuse the shape and name it", (response, told) => json(response, 422, { title: told, message: told, error: { message: told } })],
  ["break down with the request", (response, told) => response.writeHead(500, { "x-debug": "1" }).end(told.repeat(3))],
]

const SLOTS: readonly (readonly [string, string, string])[] = [
  ["a token and a key", 'token: "${CRM_TOKEN}"', 'apiKey: "${EMAIL_KEY}"'],
  ["a client's secret and a key", 'clientId: me, clientSecret: "${CRM_SECRET}"', 'apiKey: "${EMAIL_KEY}"'],
  ["a secret out of a file", 'token: "${file:secret.txt}"', 'apiKey: "${file:secret.txt}"'],
  ["secrets that stand in the file", `token: ${TOKEN}`, `apiKey: ${KEY}`],
]

const ENV = { CRM_TOKEN: TOKEN, EMAIL_KEY: KEY, CRM_SECRET: CLIENT, SYNCLINE_DEBUG: "1" }

function prepared(crmUrl: string, emailUrl: string, crm: string, email: string): string {
  const cwd = folder()
  mkdirSync(join(cwd, ".syncline"), { recursive: true })
  writeFileSync(join(cwd, "secret.txt"), `${FILED}\n`)
  writeFileSync(
    join(cwd, "pipeline.yaml"),
    `version: 1
name: canary
systems:
  crm: { connector: mock-crm, config: { baseUrl: "${crmUrl}", ${crm} } }
  email: { connector: mock-email, config: { baseUrl: "${emailUrl}", ${email}, list: newsletter } }
entities:
  person:
    schema: { type: object, properties: { email: { type: string }, name: { type: string } } }
    match: [[email]]
    bindings:
      crm.contacts: { fields: { email: { path: email, as: [trim, lower] }, name: first_name } }
      email.members: { fields: { email: { path: email_address, as: [trim, lower] }, name: merge_fields.FNAME } }
`,
  )
  return cwd
}

const COMMANDS: readonly (readonly string[])[] = [
  ["check"],
  ["check", "--json"],
  ["plan", "--out", "plan.json"],
  ["plan", "--json"],
  ["run"],
  ["run", "--json", "--full"],
  ["apply", "plan.json"],
  ["status", "--json"],
  ["log", "--json"],
  ["review", "list", "--json"],
  ["quarantine", "list", "--json"],
  ["verify", "--json"],
  ["explain", "ann@x.com", "--json"],
]

/** Few, because each waits with patience for systems that do not work. */
const TRIED: readonly (readonly string[])[] = [["check", "--json"], ["run"], ["status", "--json"], ["log", "--json"]]

describe("whatever systems answer, nothing secret shows", () => {
  test.each(SLOTS)("with %s", async (_slot, crm, email) => {
    const tried = ANSWERS.map(async ([name, answer]) => {
      const url = await parrot(answer)
      const cwd = prepared(url, url, crm, email)
      const shown: string[] = []
      for (const args of TRIED) {
        const { out, err } = await call(cwd, args, ENV)
        for (const each of found(out + err)) shown.push(`${args.join(" ")}: ${each}`)
      }
      return { name, shown, left: found(leftIn(cwd)) }
    })
    expect(await Promise.all(tried)).toEqual(ANSWERS.map(([name]) => ({ name, shown: [], left: [] })))
  })
})

test("nothing secret shows where the systems work, in a run, a plan or while watching", async () => {
  const [crm, email] = await Promise.all([startMockCrm({ token: TOKEN }), startMockEmail({ apiKey: KEY })])
  onTestFinished(async () => void (await Promise.all([crm.close(), email.close()])))
  const cwd = prepared(crm.url, email.url, 'token: "${CRM_TOKEN}"', 'apiKey: "${EMAIL_KEY}"')
  for (const args of COMMANDS) {
    const { out, err } = await call(cwd, args, ENV)
    expect({ args, found: found(out + err) }).toEqual({ args, found: [] })
  }
  const watched = await call(cwd, ["run", "--watch"], ENV, { afterMs: 300 })
  expect(found(watched.out + watched.err)).toEqual([])
  expect(found(leftIn(cwd))).toEqual([])
})

test("credentials in an address are refused, and not repeated", async () => {
  const address = `http://user:${BASIC}@127.0.0.1:9`
  const cwd = prepared(address, "http://127.0.0.1:9", 'token: "${CRM_TOKEN}"', 'apiKey: "${EMAIL_KEY}"')
  for (const args of [["check"], ["check", "--offline"], ["check", "--offline", "--json"], ["run"], ["plan", "--json"], ["status"]]) {
    const { out, err } = await cli(args, { cwd, env: ENV })
    expect({ args, found: found(out + err) }).toEqual({ args, found: [] })
  }
  expect(found(leftIn(cwd))).toEqual([])
})
