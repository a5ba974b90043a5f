// A mock system as a process of its own, seen from outside: its API as its users call it, its admin port, its request log.
import { once } from "node:events"
import { isObject, type Json } from "@syncline/connector"
import { start, type Child } from "../child.ts"
import type { Item } from "./people.ts"

export type Kind = "crm" | "email"

export interface Mock {
  readonly kind: Kind
  readonly url: string
  /** Items that are there; archived members are not. */
  items(): Promise<readonly Item[]>
  /** Also the archived. */
  all(): Promise<readonly Item[]>
  /** A new beginning with these items. */
  refill(items: readonly Item[]): Promise<void>
  fault(...faults: readonly Item[]): Promise<void>
  heal(): Promise<void>
  /** The request log is emptied. */
  forget(): Promise<void>
  requests(): Promise<readonly Item[]>
  writes(): Promise<readonly Item[]>
  call(method: string, path: string, body?: Json): Promise<Json>
  /** Ends the process; its file stays. */
  stop(): Promise<void>
  /** Starts it again at the same address, with the same file. */
  resume(): Promise<void>
}

const HEADERS: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  crm: { authorization: "Bearer demo-token" },
  email: { "x-api-key": "demo-key" },
}

/** `seed`: a file that is loaded into an empty system. */
export async function openMock(kind: Kind, file: string, seed?: string): Promise<Mock> {
  let child: Child
  const launch = async (port: string): Promise<string> => {
    child = start(["mock", kind, "--json", "--port", port, "--file", file, ...(seed === undefined ? [] : ["--seed", seed])])
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(await child.says(/http:\/\/127\.0\.0\.1:\d+.*\n/))
    if (found === null) throw new Error(`mock ${kind} did not say where it is`)
    return found[0]
  }
  const url = await launch("0")

  const call: Mock["call"] = async (method, path, body) => {
    const type =
      body === undefined
        ? {}
        : { "content-type": method === "PATCH" && kind === "crm" ? "application/merge-patch+json" : "application/json" }
    const response = await fetch(url + path, {
      method,
      headers: { ...HEADERS[kind], ...type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} in ${kind}: ${response.status} ${text.slice(0, 300)}`)
    return text === "" ? null : JSON.parse(text)
  }
  const listIn = async (path: string, names: readonly string[]): Promise<readonly Item[]> => {
    let found: Json | undefined = await call("GET", path)
    for (const name of names) found = isObject(found) ? found[name] : undefined
    return Array.isArray(found) ? found.filter(isObject) : []
  }
  const all = (): Promise<readonly Item[]> => listIn("/admin/dump", kind === "crm" ? ["contacts"] : ["lists", "newsletter"])
  // the CRM answers a bounded number of entries at a time
  const requests = (): Promise<readonly Item[]> => listIn("/admin/requests", ["requests"])
  return {
    kind,
    url,
    all,
    items: async () => (await all()).filter((item) => item["status"] !== "archived"),
    refill: async (items) => {
      await call("POST", "/admin/reset")
      if (items.length > 0) await call("POST", "/admin/seed", items)
      await call("DELETE", "/admin/requests")
    },
    fault: async (...faults) => void (await call("POST", "/admin/faults", faults)),
    heal: async () => void (await call("DELETE", "/admin/faults")),
    forget: async () => void (await call("DELETE", "/admin/requests")),
    requests,
    writes: async () => (await requests()).filter((entry) => entry["write"] === true),
    call,
    stop: async () => {
      if (child.process.exitCode !== null || child.process.signalCode !== null) return
      const gone = once(child.process, "close")
      child.process.kill("SIGKILL")
      await gone
    },
    resume: async () => void (await launch(new URL(url).port)),
  }
}
