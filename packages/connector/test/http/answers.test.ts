// What a request may carry and how an answer may be read besides JSON, and answers that are judged by whoever asked.
import { expect, test } from "vitest"
import type { Fault, Judged } from "../../src/index.ts"
import { answerJson, clientFor, faultOf, listen } from "./local-server.ts"

test("bodies travel as form pairs, as text of any type, and as bytes", async () => {
  const got: string[] = []
  const server = await listen((request, response, body) => {
    got.push(`${request.method} ${request.headers["content-type"]} ${body}`)
    answerJson(response, 200, null)
  })
  const client = clientFor(server.url)
  const form = [
    ["tag", "a b"],
    ["tag", "ü"],
  ] as const
  await client.request({ method: "POST", path: "/", form })
  await client.request({ method: "PUT", path: "/", content: { type: "text/csv; charset=utf-8", data: "a,b\n1,2\n" } })
  await client.request({ method: "PATCH", path: "/", content: { type: "application/octet-stream", data: Buffer.from("ÿ") } })
  expect(got).toEqual([
    "POST application/x-www-form-urlencoded tag=a+b&tag=%C3%BC",
    "PUT text/csv; charset=utf-8 a,b\n1,2\n",
    "PATCH application/octet-stream ÿ",
  ])
})

test("a successful answer is read as text where that is asked for, an error still as JSON", async () => {
  const server = await listen((request, response) => {
    if (request.url === "/bad") return answerJson(response, 400, { detail: "no such column" })
    response.writeHead(200, { "content-type": "text/csv" }).end("1,2\n")
  })
  const client = clientFor(server.url)
  expect((await client.request({ method: "GET", path: "/csv", answer: "text" })).body).toBe("1,2\n")
  expect(await faultOf(client.request({ method: "GET", path: "/bad", answer: "text" }))).toMatchObject({
    class: "invalid",
    message: expect.stringContaining("no such column"),
  })
})

test("a web page is no text, whatever its status", async () => {
  const server = await listen((_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Back soon</h1>"))
  const fault = await faultOf(clientFor(server.url).request({ method: "GET", path: "/", answer: "text" }))
  expect(fault).toMatchObject({ class: "transient", message: expect.stringContaining("an HTML page") })
})

const judge = ({ status, body }: Judged): Fault | null =>
  status === 403 && body === null ? { class: "rateLimited", message: "throttled" } : null

test("a bare 403 that the asker knows to be a throttle holds all calls back", async () => {
  let refusals = 2
  const slept: number[] = []
  const server = await listen((_request, response) => (refusals-- > 0 ? response.writeHead(403).end() : answerJson(response, 200, "ok")))
  const client = clientFor(server.url, {}, { sleep: (ms) => (slept.push(ms), Promise.resolve()), now: () => 0, random: () => 0 })
  const fault = await faultOf(client.request({ method: "POST", path: "/", judge }))
  expect(fault).toMatchObject({ class: "rateLimited", status: 403, retryAfterMs: 1000 })
  expect(client.limits().pausedUntilMs).toBe(1000)
})

test("a success that holds an error is a fault, and what its judge quotes is redacted", async () => {
  const server = await listen((_request, response) => answerJson(response, 200, { ok: false, error: "canary-7 is no id" }))
  const client = clientFor(server.url, { auth: { type: "bearer", token: "canary-7" } })
  const fault = await faultOf(
    client.request({
      method: "POST",
      path: "/",
      judge: ({ body }) => ({ class: "invalid", message: `it says ${JSON.stringify(body)}` }),
    }),
  )
  expect(fault).toMatchObject({ class: "invalid", status: 200 })
  expect(fault.message).toContain("<redacted> is no id")
})

test("a refusal that the asker takes for an answer is one, whatever its body; a web page never is", async () => {
  const server = await listen((request, response) =>
    response.writeHead(412, { "content-type": request.url === "/page" ? "text/html" : "text/plain" }).end("Precondition failed."),
  )
  const client = clientFor(server.url)
  const ask = (path: string) => client.request({ method: "PUT", path, json: {}, judge: () => "answer" })
  expect(await ask("/")).toMatchObject({ status: 412, body: "Precondition failed." })
  expect(await faultOf(ask("/page"))).toMatchObject({ class: "conflict", status: 412 })
})
