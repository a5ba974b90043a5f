// The mock servers, started as a person would.
import { once } from "node:events"
import { createServer } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { cli, start } from "../child.ts"

test.for(["crm", "email"])("mock %s serves on a free port until Ctrl-C and ends with 0", { timeout: 30_000 }, async (kind) => {
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
