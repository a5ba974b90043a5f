// The admin port, below `/admin` of the same server: no credentials, no limits, not in the log.
//   GET /admin/dump                 { items: [{ id, names, counts, item }] }, if the fake has people
//   POST /admin/people              { create: {…} } | { update: ID, set: {…} } | { delete: ID } | { erase: ID }
//   GET, DELETE /admin/requests     { requests: [{ method, path, status, write, changed … }] }
//   GET, POST, DELETE /admin/faults one order or a list of them (faults.ts)
//   GET, POST /admin/clock          { now } <- { set: ISO } | { advance_ms } | { freeze: true }
// A fake adds calls of its own as `POST /admin/NAME`.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { Clock } from "./clock.ts"
import type { FakeAnswer } from "./exchange.ts"
import { readFaults, type Faults } from "./faults.ts"
import { actAsPeople, type FakePeople } from "./people.ts"
import type { RequestLog } from "./request-log.ts"

export interface AdminParts {
  readonly clock: Clock
  readonly faults: Faults
  readonly log: RequestLog
  readonly people: FakePeople | undefined
  readonly own: Readonly<Record<string, (body: JsonObject) => Json>>
}

/** Values of our own types are JSON in all their fields; a round trip says so to the compiler, too. */
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value))

const moveClock = (clock: Clock, body: JsonObject): void => {
  const { set, advance_ms: advance, freeze } = body
  if (typeof set === "string" && !Number.isNaN(Date.parse(set))) clock.set(Date.parse(set))
  if (typeof advance === "number") clock.advance(advance)
  if (typeof freeze === "boolean") clock.freeze(freeze)
}

const carryOut = (parts: AdminParts, call: string, body: Json): Json | undefined => {
  const object = isObject(body) ? body : {}
  switch (call) {
    case "GET dump":
      return { items: json(parts.people?.items() ?? []) }
    case "POST people":
      if (parts.people === undefined) throw new Error("this fake has no people")
      return actAsPeople(parts.people, object)
    case "GET requests":
      return { requests: json(parts.log.all()) }
    case "DELETE requests":
      parts.log.clear()
      return { ok: true }
    case "POST faults":
      parts.faults.order(...readFaults(body))
      return { faults: json(parts.faults.list()) }
    case "GET faults":
      return { faults: json(parts.faults.list()) }
    case "DELETE faults":
      parts.faults.clear()
      return { ok: true }
    case "POST clock":
      moveClock(parts.clock, object)
      return { now: parts.clock.iso() }
    case "GET clock":
      return { now: parts.clock.iso() }
    default:
      return call.startsWith("POST ") ? parts.own[call.slice("POST ".length)]?.(object) : undefined
  }
}

/** `call`: method and path below `/admin/`. */
export const administer = (parts: AdminParts, call: string, body: Json): FakeAnswer => {
  try {
    const answer = carryOut(parts, call, body)
    return answer === undefined ? { status: 404, body: { message: `the admin port knows no "${call}"` } } : { status: 200, body: answer }
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } }
  }
}
