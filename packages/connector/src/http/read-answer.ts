// Bytes of an answer -> its JSON body, or what is known about a body that is not JSON. Pure.
import type { Json } from "../json.ts"
import { excerpt, looksLikeHtml } from "./excerpt.ts"
import type { WireAnswer } from "./exchange.ts"
import { parseJsonText } from "./json-text.ts"

export type ReadAnswer =
  | { readonly kind: "json"; readonly body: Json }
  /** `why` completes the sentence "the answer is …". */
  | { readonly kind: "other"; readonly why: string; readonly html: boolean; readonly text: string }
  /** What was asked for as text, and is no web page. */
  | { readonly kind: "text"; readonly text: string }

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/** `redact` comes before any cutting, so that no half of a secret is left over. */
export const readAnswer = (method: string, answer: WireAnswer, redact: (text: string) => string, asText = false): ReadAnswer => {
  if (method === "HEAD" || BODILESS.has(answer.status) || answer.bytes.length === 0) return { kind: "json", body: null }
  const contentType = answer.headers["content-type"]
  const text = decode(answer.bytes, contentType)
  if (text === null) return { kind: "other", why: "not valid text in its encoding", html: false, text: "" }
  if (asText && !looksLikeHtml(contentType, text)) return { kind: "text", text }
  if (text.trim() === "") return { kind: "json", body: null }
  try {
    return { kind: "json", body: parseJsonText(text) }
  } catch (error) {
    const html = looksLikeHtml(contentType, text)
    const why = html ? "an HTML page" : error instanceof SyntaxError ? error.message : "not JSON"
    return { kind: "other", why: `${why}${quoted(redact(text))}`, html, text: redact(text) }
  }
}

const quoted = (text: string): string => {
  const line = excerpt(text, 120)
  return line === "" ? "" : `: “${line}”`
}

/** Strict, because a silently replaced character would be written to the other systems. Also drops a byte order mark. */
const decode = (bytes: Uint8Array, contentType: string | undefined): string | null => {
  const named = /;\s*charset="?([\w-]+)"?/i.exec(contentType ?? "")?.[1]
  try {
    return new TextDecoder(named, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
