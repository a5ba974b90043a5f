// RFC 9110, section 13: what `If-Match` and `If-None-Match` decide, given the current tag of the target (null: there is none).
import { parseTagList, strongEqual, weakEqual, type EntityTag, type TagList } from "./etag.ts"
import { Problem } from "./problem.ts"

export interface Preconditions {
  readonly ifMatch: TagList | null
  readonly ifNoneMatch: TagList | null
}

export type Verdict = "go" | "ifMatchFailed" | "ifNoneMatchFailed"

const parse = (name: string, value: string | undefined): TagList | null => {
  if (value === undefined) return null
  const list = parseTagList(value)
  // ignoring a mistyped If-Match would turn a guarded write into a blind one
  if (!list) throw new Problem(400, "bad-header", `${name} must be * or a list of entity tags in double quotes`)
  return list
}

export const preconditionsOf = (headers: {
  readonly "if-match"?: string | undefined
  readonly "if-none-match"?: string | undefined
}): Preconditions => ({
  ifMatch: parse("If-Match", headers["if-match"]),
  ifNoneMatch: parse("If-None-Match", headers["if-none-match"]),
})

const current = (tag: string): EntityTag => ({ weak: false, opaque: tag })

/** If-Match comes first and compares strongly; If-None-Match compares weakly (13.2.2). */
export const judge = ({ ifMatch, ifNoneMatch }: Preconditions, tag: string | null): Verdict => {
  if (ifMatch) {
    const holds = tag !== null && (ifMatch.any || ifMatch.tags.some((one) => strongEqual(one, current(tag))))
    if (!holds) return "ifMatchFailed"
  }
  if (ifNoneMatch && tag !== null && (ifNoneMatch.any || ifNoneMatch.tags.some((one) => weakEqual(one, current(tag)))))
    return "ifNoneMatchFailed"
  return "go"
}
