// Entity tags as in RFC 9110, section 8.8.3: making, parsing, and the two ways of comparing them.
import { createHash } from "node:crypto"

export interface EntityTag {
  readonly weak: boolean
  /** With its quotes. */
  readonly opaque: string
}

/** `*`, a list of tags, or a value that follows no rule. */
export type TagList = { readonly any: true } | { readonly any: false; readonly tags: readonly EntityTag[] }

// etagc = %x21 / %x23-7E / obs-text; a quote cannot be escaped
const oneTag = /[ \t]*(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(,|$)/y

/** Parses `If-Match` and `If-None-Match`; null if the value is not valid. Empty list members are let pass, as lists must (5.6.1). */
export const parseTagList = (value: string): TagList | null => {
  const text = value.trim()
  if (text === "*") return { any: true }
  const tags: EntityTag[] = []
  let at = 0
  while (at < text.length) {
    const rest = /[ \t]*,/y
    rest.lastIndex = at
    if (rest.test(text)) {
      at = rest.lastIndex
      continue
    }
    oneTag.lastIndex = at
    const found = oneTag.exec(text)
    if (!found) return null
    tags.push({ weak: found[1] !== undefined, opaque: found[2] ?? "" })
    at = oneTag.lastIndex
  }
  return tags.length === 0 ? null : { any: false, tags }
}

/** Both strong, and the same. */
export const strongEqual = (a: EntityTag, b: EntityTag): boolean => !a.weak && !b.weak && a.opaque === b.opaque

/** The same, weak or not. */
export const weakEqual = (a: EntityTag, b: EntityTag): boolean => a.opaque === b.opaque

/** The strong tag of an answer, from its very bytes. */
export const tagOfBytes = (body: string): string => `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`

/** The strong tag of a contact: it follows from the revision, so a client that knows one knows the other. */
export const tagOfRevision = (revision: number, fields?: readonly string[]): string => {
  if (!fields) return `"r${revision}"`
  // another selection is another representation, and strong tags must tell them apart
  return `"r${revision}-${createHash("sha256").update(fields.join(",")).digest("base64url").slice(0, 8)}"`
}
