import { describe, expect, it } from "vitest"
import { answerJson, faultOf, listen } from "../../http/local-server.ts"
import { connect } from "../connected.ts"

const manifest = `manifest: 1
id: rules
baseUrl: '{config.baseUrl}'
errors:
  - { status: 403, when: =res.body.code == "throttled", class: rateLimited, retryAfter: =res.body.wait }
  - { status: [400, 422], when: '=res.body.errors.exists(e, e.code == "taken")', class: duplicate, existingId: '=res.body.errors[0].id', fields: '=res.body.errors.map(e, {"path": e.field, "message": e.text})' }
  - { when: =res.body.status == "error", class: invalid, message: '="said: " + res.body.text' }
  - { status: 404, when: =res.body.empty == true, class: ok }
  - { status: 418, when: =lower(res.body.list) == "x", class: gone }
resources:
  thing:
    schema: { type: object, properties: { id: { type: string } } }
    id: =rec.id
    read:
      snapshot:
        request: { path: /things, errors: [{ status: 409, class: cursorExpired }] }
        records: =res.body.rows
`

const judged = async (status: number, body: unknown) => {
  const server = await listen((_, response) =>
    typeof body === "string" ? response.writeHead(status, { "content-type": "text/plain" }).end(body) : answerJson(response, status, body),
  )
  return connect(manifest, { baseUrl: server.url }).pull("thing", { mode: "snapshot", cursor: null, limit: 5 })
}

describe("an answer is judged", () => {
  it("by the first rule that matches, with what it says of id, fields and waiting", async () => {
    expect(await faultOf(judged(403, { code: "throttled", wait: 7 }))).toMatchObject({
      class: "rateLimited",
      retryAfterMs: 7_000,
      status: 403,
    })
    expect(await faultOf(judged(422, { errors: [{ code: "taken", id: 5, field: "email", text: "is taken" }] }))).toMatchObject({
      class: "duplicate",
      existingId: "5",
      fields: { email: "is taken" },
    })
  })

  it("as a fault although its status says success", async () => {
    expect(await faultOf(judged(200, { status: "error", text: "no such account" }))).toMatchObject({
      class: "invalid",
      message: "said: no such account",
    })
  })

  it("as an answer although its status says refusal", async () => {
    expect(await judged(404, { empty: true, rows: [] })).toMatchObject({ changes: [], complete: true })
    expect(await faultOf(judged(404, { empty: false }))).toMatchObject({ class: "notFound" })
  })

  it("by the request's own rules before the manifest's", async () => {
    expect(await faultOf(judged(409, {}))).toMatchObject({ class: "cursorExpired" })
  })

  it("by its HTTP status where no rule matches, or where a rule cannot be worked out on it", async () => {
    expect(await faultOf(judged(403, { code: "else" }))).toMatchObject({ class: "forbidden" })
    expect(await faultOf(judged(418, { list: [1] }))).toMatchObject({ class: "invalid" })
    expect(await faultOf(judged(401, "<html>login</html>"))).toMatchObject({ class: "auth" })
  })
})
