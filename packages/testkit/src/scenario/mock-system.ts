// One system of a story: a mock that `syncline mock` started on a free port, and what its users and its admin can do there.
import { once } from "node:events"
import { startCommand, type Surroundings } from "./command.ts"
import { isObject, type JsonObject, type Json } from "@syncline/connector"
import { mockKind, type Call, type MockKind } from "./mock-kind.ts"
import type { SystemSetup } from "./scenario.ts"

export interface Traffic {
  /** Items changed. */
  readonly changed: number
  /** Write calls. */
  readonly calls: number
  /** All calls. */
  readonly requests: number
}

export interface MockSystem {
  readonly name: string
  readonly url: string
  readonly kind: MockKind
  readonly items: () => Promise<readonly JsonObject[]>
  readonly find: (who: string) => Promise<JsonObject | null>
  readonly call: (call: Call) => Promise<Json>
  readonly admin: (method: "GET" | "POST" | "DELETE", path: string, body?: Json) => Promise<Json>
  /** Gives a name of the story to an item. */
  readonly remember: (name: string, item: JsonObject) => void
  /** Starts counting; the result counts what came since. */
  readonly count: () => Promise<() => Promise<Traffic>>
  readonly close: () => Promise<void>
}

/** Starting Node and loading a seed on a machine that is busy. */
const START_MS = 60_000

export const startMockSystem = async (name: string, setup: SystemSetup, surroundings: Surroundings): Promise<MockSystem> => {
  const seed = setup.seed === undefined ? [] : ["--seed", setup.seed]
  const child = startCommand(["mock", setup.mock, "--port", "0", "--json", ...seed], surroundings)
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, "close")
    child.kill("SIGTERM")
    const late = setTimeout(() => child.kill("SIGKILL"), 5_000)
    await gone
    clearTimeout(late)
  }
  const { url, credentials } = await new Promise<Place>((resolve, reject) => {
    let out = ""
    let err = ""
    const deadline = setTimeout(() => reject(new Error(`system ${name} did not start in ${START_MS / 1000} s: ${err}`)), START_MS)
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()))
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString()
      // one line of JSON, and it is complete with its end
      if (!out.includes("\n")) return
      clearTimeout(deadline)
      resolve(placeIn(out))
    })
    child.once("error", reject)
    child.once("close", (code) => {
      clearTimeout(deadline)
      reject(new Error(`system ${name} ended at once, with exit code ${code}: ${err || out}`))
    })
  }).catch(async (cause: unknown) => {
    await stop()
    throw cause
  })
  return systemAt(name, url, mockKind(setup.mock, credentials), stop)
}

interface Place {
  readonly url: string
  readonly credentials: Readonly<Record<string, string>>
}

const placeIn = (out: string): Place => {
  const said: Json = JSON.parse(out)
  const data = isObject(said) && isObject(said["data"]) ? said["data"] : {}
  const told = isObject(data["credentials"]) ? data["credentials"] : {}
  return { url: String(data["url"]), credentials: Object.fromEntries(Object.entries(told).map(([key, value]) => [key, String(value)])) }
}

const systemAt = (name: string, url: string, kind: MockKind, close: () => Promise<void>): MockSystem => {
  const aliases = new Map<string, string>()
  const request = async (method: string, path: string, headers: Readonly<Record<string, string>>, body?: Json): Promise<Json> => {
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${name} answered ${method} ${path} with ${response.status}: ${text.slice(0, 500)}`)
    return text === "" ? null : JSON.parse(text)
  }
  const admin: MockSystem["admin"] = (method, path, body) =>
    request(method, `/admin/${path}`, body === undefined ? {} : { "content-type": "application/json" }, body)
  const items = async (): Promise<readonly JsonObject[]> => {
    const dump = await admin("GET", "dump")
    return isObject(dump) ? kind.items(dump) : []
  }
  const requests = async (): Promise<readonly JsonObject[]> => {
    const log = await admin("GET", "requests")
    return isObject(log) && Array.isArray(log["requests"]) ? log["requests"].filter(isObject) : []
  }
  return {
    name,
    url,
    kind,
    items,
    admin,
    close,
    call: (call) => request(call.method, call.path, call.headers, call.body),
    remember: (alias, item) => aliases.set(alias, kind.stableId(item)),
    find: async (who) => {
      const wanted = aliases.get(who) ?? who
      const found = (await items()).filter((item) => kind.namesOf(item).includes(wanted))
      if (found.length > 1) throw new Error(`"${who}" is ${found.length} items in ${name}; name one by its id`)
      return found[0] ?? null
    },
    count: async () => {
      const before = (await requests()).length
      return async () => {
        const since = (await requests()).slice(before)
        const writes = since.filter((entry) => entry["write"] === true)
        return { requests: since.length, calls: writes.length, changed: writes.reduce((sum, entry) => sum + kind.changedBy(entry), 0) }
      }
    },
  }
}
