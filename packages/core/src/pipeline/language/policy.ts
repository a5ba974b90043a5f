// What to do when two systems changed one field: the conflict policies, and what to do on the first meeting of two items.
import {
  as,
  either,
  keyed,
  list,
  object,
  optional,
  required,
  scalar,
  type Shape,
  type Span,
  type Text,
  word,
} from "@syncline/connector/language"
import type { Json } from "../../model/value.ts"
import { systemName } from "./name.ts"

/** As written: names of systems are not looked up yet. */
export type PolicyPart =
  | { readonly kind: "newest"; readonly at: Span; readonly order: readonly Text[] | null }
  | { readonly kind: "prefer"; readonly at: Span; readonly system: Text }
  | { readonly kind: "strictest"; readonly at: Span; readonly order: readonly { readonly value: Json; readonly at: Span }[] }
  | { readonly kind: "review" | "union" | "max" | "min"; readonly at: Span }

const prefer = as(
  keyed(
    object("prefer", "The value of this system wins.", {
      prefer: required(systemName, "The system whose value wins; where it is not involved, the newest does."),
    }),
    ["prefer"],
  ),
  (block) => (block.fields.prefer === undefined ? undefined : ({ kind: "prefer", at: block.at, system: block.fields.prefer } as const)),
)

const newestOf = as(
  keyed(
    object("newest", "The later change wins; where two are as good as simultaneous, the order of systems decides.", {
      newest: required(
        list(systemName, { expects: "the systems, the stronger first", min: 1 }),
        "Systems in the order that decides between simultaneous changes.",
      ),
    }),
    ["newest"],
  ),
  (block) => ({ kind: "newest", at: block.at, order: block.fields.newest?.items ?? null }) as const,
)

const strictest = as(
  keyed(
    object("strictest", "The value that stands first in the list wins: for consent.", {
      strictest: required(
        list(scalar("a value of the field"), { expects: "all values, the strictest first", min: 2 }),
        "Values, the strictest first.",
      ),
    }),
    ["strictest"],
  ),
  (block) => ({ kind: "strictest", at: block.at, order: block.fields.strictest?.items ?? [] }) as const,
)

const bare = as(word("policy", ["newest", "review", "union", "max", "min", "prefer", "strictest"]), (found, report) => {
  if (found.value === "prefer" || found.value === "strictest") {
    const example = found.value === "prefer" ? "{ prefer: crm }" : "{ strictest: [unsubscribed, subscribed] }"
    report.error(found.at, `the policy "${found.value}" needs to know more`, `write ${example}`)
    return undefined
  }
  return found.value === "newest"
    ? ({ kind: "newest", at: found.at, order: null } as const)
    : ({ kind: found.value, at: found.at } as const)
})

const known = either<PolicyPart>("a policy: newest, review, union, max, min, { prefer: system } or { strictest: [...] }", [
  prefer,
  newestOf,
  strictest,
  bare,
  otherwise(),
])

export const policy: Shape<PolicyPart> = {
  ...known,
  // An editor offers only what can be written.
  schema: { anyOf: [prefer.schema, newestOf.schema, strictest.schema, { enum: ["newest", "review", "union", "max", "min"] }] },
}

/** A mapping with none of the known keys: says which there are. */
function otherwise(): Shape<PolicyPart> {
  const shape = object("a policy", "A policy with settings.", {
    prefer: optional(systemName, ""),
    newest: optional(systemName, ""),
    strictest: optional(systemName, ""),
  })
  return as(shape, (_, report, node): PolicyPart | undefined => {
    if (node.kind === "map" && node.entries.length === 0) report.error(node.at, "expected a policy, found an empty mapping")
    return undefined
  })
}

export type OnMatchPart = { readonly kind: "newest" | "fill_blanks" | "review" } | { readonly kind: "prefer"; readonly system: Text }

export const onMatch: Shape<OnMatchPart> = either<OnMatchPart>("newest, fill_blanks, review or { prefer: system }", [
  as(
    object("on_match", "The value of this system wins.", {
      prefer: required(systemName, "The system whose value wins on the first meeting."),
    }),
    (block) => (block.fields.prefer === undefined ? undefined : ({ kind: "prefer", system: block.fields.prefer } as const)),
  ),
  as(word("way to match", ["newest", "fill_blanks", "review"]), (found) => ({ kind: found.value })),
])
