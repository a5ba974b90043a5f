// Whether credentials and network are told apart, tokens are fetched once, and nothing secret is ever said.
import { createRedactor, isObject, REDACTED, secretsOf, FaultError, type JsonObject } from "@syncline/connector"
import { inspect } from "node:util"
import { type Check, Failure, must, Skip } from "../check.ts"
import { wire } from "../needs.ts"
import { createOp } from "../stand/items.ts"
import type { Stand } from "../stand/stand.ts"
import { answer, html, type Asked } from "../wire/exchange.ts"
import { faultOf, mustBe } from "./rejected.ts"

const notToken = ({ purpose }: Asked): boolean => purpose !== "token"

const answers: Check = {
  name: "check-answers",
  area: "auth",
  says: "its check succeeds where the system answers and the credentials are right",
  scope: "system",
  needs: [],
  run: async ({ connector }) => {
    try {
      await connector.check()
    } catch (error) {
      throw new Failure(`check() fails: ${error instanceof Error ? error.message : String(error)}`)
    }
  },
}

/** Paths of settings that the connector calls secret. */
const secretSettings = ({ definition, config }: Stand): readonly string[] => {
  const properties = definition.configSchema["properties"]
  return Object.entries(isObject(properties) ? properties : {}).flatMap(([name, property]) =>
    isObject(property) && property["writeOnly"] === true && typeof config[name] === "string" && config[name] !== "" ? [name] : [],
  )
}

const wrongCredentials: Check = {
  name: "wrong-credentials",
  area: "auth",
  says: "wrong credentials are an auth fault of check and pull, and the message holds none of them",
  scope: "system",
  needs: [],
  run: async (stand) => {
    const secrets = secretSettings(stand)
    if (secrets.length === 0) throw new Skip("its settings hold no secret that could be wrong")
    const wrong: JsonObject = Object.fromEntries(secrets.map((name) => [name, misspelt(String(stand.config[name]))]))
    const connector = await stand.open({ config: wrong })
    const mode = stand.spec.read.snapshot ? "snapshot" : "delta"
    for (const [what, work] of [
      ["check() with wrong credentials", () => connector.check()],
      ["reading with wrong credentials", () => connector.pull(stand.resource, { mode, cursor: null, limit: 5 })],
    ] as const) {
      const fault = await faultOf(work, what)
      mustBe(fault, ["auth"], what)
      for (const secret of Object.values(wrong)) must(!fault.message.includes(String(secret)), `${what} says the secret: ${fault.message}`)
    }
  },
}

/** Of the same form, since some keys are parsed before they are sent: one character in the middle is another. */
const misspelt = (secret: string): string => {
  const at = Math.floor(secret.length / 2)
  const other = secret[at] === "b" ? "c" : /\d/.test(secret[at] ?? "") ? (secret[at] === "7" ? "3" : "7") : "b"
  return secret.slice(0, at) + other + secret.slice(at + 1)
}

const refused: Check = {
  name: "401-is-auth",
  area: "auth",
  says: "a 401 is an auth fault of every call, asked again at most once",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    const { wire: line } = stand
    line.rule((asked) => (notToken(asked) ? answer(401) : null))
    for (const [what, work] of calls(stand)) {
      const before = line.log.filter(({ asked }) => notToken(asked)).length
      mustBe(await faultOf(work, `${what} that is answered 401`), ["auth"], `${what} that is answered 401`)
      const asked = line.log.filter((exchange) => notToken(exchange.asked)).length - before
      must(asked <= 2, `${what} asked ${asked} times, although every answer was 401`)
    }
  },
}

type Call = readonly [what: string, work: () => Promise<unknown>]

/** One of each kind that the connector has; a push that fails as a whole or in its outcome rejects alike. */
const calls = (stand: Stand): readonly Call[] => {
  const { connector, resource, spec } = stand
  const mode = spec.read.snapshot ? "snapshot" : "delta"
  const push = async (): Promise<void> => {
    const [outcome] = await connector.push(resource, [createOp(stand)])
    if (outcome !== undefined && outcome.status !== "applied") throw new FaultError(outcome.fault)
  }
  return [
    ["check()", () => connector.check()],
    ["pull", () => connector.pull(resource, { mode, cursor: null, limit: 5 })],
    ...(spec.read.lookup === undefined ? [] : [["lookup", () => lookupRejecting(stand)] as const]),
    ...(spec.write.create === undefined || stand.conduct.item === undefined ? [] : [["push", push] as const]),
  ]
}

/** A fault of the one value counts as one of the call. */
const lookupRejecting = async ({ connector, resource, spec }: Stand): Promise<unknown> => {
  const [first] = await connector.lookup(resource, spec.read.lookup?.by[0] ?? "id", ["no-such-value"])
  if (first !== undefined && "fault" in first) throw new FaultError(first.fault)
  return first
}

const forbidden: Check = {
  name: "403-is-refused",
  area: "auth",
  says: "a 403 is a refusal (or a throttle), never absence, success or an outage",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    stand.wire.rule((asked) => (notToken(asked) ? answer(403) : null))
    for (const [what, work] of calls(stand))
      mustBe(await faultOf(work, `${what} that is answered 403`), ["forbidden", "auth", "rateLimited"], `${what} that is answered 403`)
  },
}

const unreachable: Check = {
  name: "network-is-transient",
  area: "auth",
  says: "a system that cannot be reached is transient trouble, not wrong credentials and not an absence",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    const connector = await stand.open({ patient: true })
    stand.wire.rule(() => ({ do: "refuse" }))
    for (const [what, work] of calls({ ...stand, connector }))
      mustBe(
        await faultOf(work, `${what} without a connection`),
        what === "push" ? ["transient", "unknown"] : ["transient"],
        `${what} without a connection`,
      )
  },
}

const loginPage: Check = {
  name: "html-is-no-answer",
  area: "auth",
  says: "a login page with status 200 is no answer to anything",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    const connector = await stand.open({ patient: true })
    stand.wire.rule((asked) => (notToken(asked) ? html("please sign in") : null))
    for (const [what, work] of calls({ ...stand, connector })) {
      const fault = await faultOf(work, `${what} that is answered by a login page`)
      mustBe(fault, ["transient", "auth", "unknown"], `${what} that is answered by a login page`)
    }
  },
}

const oneRefresh: Check = {
  name: "one-refresh",
  area: "auth",
  says: "calls at the same time fetch one token, and renew it once when it is refused",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    const { wire: line, resource, spec } = stand
    const mode = spec.read.snapshot ? "snapshot" : "delta"
    // Shows where tokens come from.
    await stand.connector.pull(resource, { mode, cursor: null, limit: 1 })
    const connector = await stand.open()
    const fetched = (from: number): number => line.log.slice(from).filter(({ asked }) => asked.purpose === "token").length
    const together = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 6 }, () => connector.pull(resource, { mode, cursor: null, limit: 1 })))
    const start = line.log.length
    await together()
    // One that is kept between processes is used again.
    must(fetched(start) <= 1, `six calls at once fetched ${fetched(start)} tokens`)
    if (fetched(0) === 0) throw new Skip("it fetches no tokens")
    const old = line.log.findLast(({ asked }) => asked.purpose !== "token")?.asked.headers["authorization"]
    if (old === undefined) throw new Skip("its token does not travel in the authorization header")
    const middle = line.log.length
    // Some systems give the same token again for as long as it holds.
    line.rule((asked) => (notToken(asked) && asked.headers["authorization"] === old && fetched(middle) === 0 ? answer(401) : null))
    await together()
    must(fetched(middle) === 1, `six calls whose token was refused fetched ${fetched(middle)} new ones`)
  },
}

const secrets: Check = {
  name: "no-secret-said",
  area: "auth",
  says: "no secret is in a fault, a cursor, an outcome or a line of the log, even where the system repeats what it was sent",
  scope: "system",
  needs: [],
  run: async (stand) => {
    const { connector, resource, spec, session } = stand
    const mode = spec.read.snapshot ? "snapshot" : "delta"
    const known = [...secretsOf(stand.auth), ...secretSettings(stand).map((name) => String(stand.config[name]))]
    const page = await connector.pull(resource, { mode, cursor: null, limit: 2 })
    const said: [string, unknown][] = [
      ["a cursor", page.next],
      ["the description", stand.definition.describe(stand.config)],
    ]
    if (session.wire !== null) {
      const line = session.wire
      for (const { asked, answered } of line.log) {
        known.push((asked.headers["authorization"] ?? "").replace(/^\w+ /, ""))
        if (asked.purpose === "token" && answered !== null) known.push(...tokensIn(answered.body))
      }
      const patient = await stand.open({ patient: true })
      for (const status of [400, 401, 403, 404, 409, 422, 500]) {
        line.rule((asked) => {
          if (!notToken(asked)) return null
          const told = `${asked.method} ${asked.path} ${Object.values(asked.headers).join(" ")} ${asked.body}`
          return answer(status, {}, { message: told, error: told, detail: told, errors: [{ field: told, message: told }] })
        })
        for (const [what, work] of calls({ ...stand, connector: patient })) {
          try {
            said.push([`the result of ${what}`, await work()])
          } catch (error) {
            said.push([`the fault of ${what} that was answered ${status}`, error])
          }
        }
      }
    }
    said.push(["the log of requests", stand.entries])
    for (const { call, ended } of stand.called) said.push([`the end of ${call}`, ended])
    // Short ones turn up by chance.
    const redact = createRedactor(known.filter((secret) => secret.length >= 4))
    for (const [what, value] of said) {
      const text = sayAll(value)
      must(redact(text) === text, () => `${what} holds a secret: ${around(redact(text))}`)
    }
  },
}

const tokensIn = (body: string): readonly string[] =>
  [...body.matchAll(/"(?:access_token|refresh_token|id_token)"\s*:\s*"([^"]+)"/g)].map(([, token = ""]) => token)

const sayAll = (value: unknown): string =>
  value instanceof Error
    ? `${value.message} ${value.stack ?? ""} ${inspect(value.cause, { depth: 3 })} ${value instanceof FaultError ? JSON.stringify(value.fault) : ""}`
    : (JSON.stringify(value) ?? "")

const around = (text: string): string => {
  const at = text.indexOf(REDACTED)
  return text.slice(Math.max(0, at - 60), at + 60)
}

const ownClient: Check = {
  name: "calls-by-the-client",
  area: "auth",
  says: "every request goes through the HTTP client that it is handed, with its limits, log and egress rules",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    const before = stand.wire.log.length
    for (const [, work] of calls(stand)) await work().catch(() => {})
    const own = stand.wire.log.slice(before).find(({ asked }) => !asked.byClient && asked.purpose !== "token")
    must(own === undefined, () => `it sent ${own?.asked.method} ${own?.asked.path} by itself`)
    must(stand.wire.log.length > before, "none of its calls came by the host of its configuration")
  },
}

export const authChecks: readonly Check[] = [
  answers,
  wrongCredentials,
  refused,
  forbidden,
  unreachable,
  loginPage,
  oneRefresh,
  secrets,
  ownClient,
]
