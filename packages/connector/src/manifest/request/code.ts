// The escape hatch: a function of a module beside the manifest makes a request in place of the manifest.
import { FaultError } from "../../fault.ts"
import type { Json } from "../../json.ts"
import type { Answer, CodeRef, Opened, Scope } from "../spec/index.ts"
import type { SendOptions } from "./send.ts"

/** What such a function is given, and what it returns: the answer as expressions see it. */
export type CodeFunction = (
  scope: Scope,
  tools: { readonly http: Opened["http"]; readonly signal?: AbortSignal },
) => Promise<{ readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: Json }>

export async function callCode(opened: Opened, ref: CodeRef, scope: Scope, options: SendOptions): Promise<Answer> {
  const work = await functionOf(opened, ref)
  const answer: unknown = await work(scope, { http: opened.http, ...(options.signal === undefined ? {} : { signal: options.signal }) })
  if (typeof answer !== "object" || answer === null || !("body" in answer)) throw broken(ref, "returns no answer { body }")
  const status = "status" in answer && typeof answer.status === "number" ? answer.status : 200
  const headers = "headers" in answer && typeof answer.headers === "object" && answer.headers !== null ? Object.entries(answer.headers) : []
  // The answer of an author's own module, which is as trusted as the runtime itself.
  const body = answer.body as Json
  return {
    status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)])),
    body,
    unchanged: status === 304,
  }
}

async function functionOf(opened: Opened, ref: CodeRef): Promise<CodeFunction> {
  const module = await opened.load?.(ref.file)
  if (typeof module !== "object" || module === null) throw broken(ref, "cannot be loaded")
  const found = new Map<string, unknown>(Object.entries(module)).get(ref.name)
  if (!isFunction(found)) throw broken(ref, "is no function")
  return found
}

const isFunction = (value: unknown): value is CodeFunction => typeof value === "function"

const broken = (ref: CodeRef, why: string): FaultError =>
  new FaultError({ class: "invalid", message: `The manifest's ${ref.file}#${ref.name} ${why}.` })
