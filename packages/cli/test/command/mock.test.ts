// The mock servers, started as a person would.
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { cli, folder, start } from "../child.ts"

test.for(["crm", "email", "hubspot"])("mock %s serves on a free port until Ctrl-C and ends with 0", { timeout: 30_000 }, async (kind) => {
  const child = start(["mock", kind, "--port", "0"])
  onTestFinished(() => void child.process.kill("SIGKILL"))
  const said = await child.says(/Ctrl-C ends it/)
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
  expect(url).toBeDefined()
  const answer = await fetch(`${url}/nothing-here`)
  expect([401, 404]).toContain(answer.status)
  child.process.kill("SIGINT")
  expect((await child.ended).code).toBe(0)
})

test("a port that is taken is said in one line", { timeout: 30_000 }, async () => {
  const taken = createServer().listen(0, "127.0.0.1")
  onTestFinished(() => void taken.close())
  await once(taken, "listening")
  const address = taken.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const { code, err } = await cli(["mock", "crm", "--port", String(port)])
  expect(code).toBe(2)
  expect(err).toContain(`Port ${port} is taken.`)
})

test("a fake that is not there, and a seed that is none, are said in one line", { timeout: 30_000 }, async () => {
  const stranger = await cli(["mock", "acme"])
  expect(stranger.code).toBe(2)
  expect(stranger.err).toContain('There is no fake "acme".')
  expect(stranger.err).toContain("hubspot")
  const cwd = folder()
  writeFileSync(join(cwd, "seed.json"), '{ "contacts": [{ "id": "x" }] }')
  const seed = await cli(["mock", "hubspot", "--seed", "seed.json"], { cwd })
  expect(seed.code).toBe(2)
  expect(seed.err).toContain("seed: contacts[0]: id is a text of digits")
})
