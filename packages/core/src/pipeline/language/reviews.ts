// Questions that nobody answers: when people are reminded of them, and when they are decided without anybody.
import { as, duration, either, object, optional, required, type Text, word } from "@syncline/connector/language"
import { systemName } from "./name.ts"

export type ExpiryPart = { readonly kind: "newest" } | { readonly kind: "prefer"; readonly system: Text }

const take = either<ExpiryPart>("newest or { prefer: system }", [
  as(
    object("take", "The value of this system.", {
      prefer: required(systemName, "The system whose value is taken; where it is no party of the question, the question stays open."),
    }),
    (block) => (block.fields.prefer === undefined ? undefined : ({ kind: "prefer", system: block.fields.prefer } as const)),
  ),
  as(word("answer", ["newest"]), () => ({ kind: "newest" }) as const),
])

export const reviews = object("reviews", "Questions that nobody answers.", {
  remind: optional(
    duration,
    "A question that is open this long is called overdue, and a run says so again whenever as much time has passed.",
  ),
  expire: optional(
    object("expire", "Decides a conflict that nobody has decided.", {
      after: required(duration, "How long a conflict is left to people."),
      take: required(take, "Whose value it is decided for: the newest, where the times can tell, or that of one system."),
    }),
    "Decides conflicts that nobody has decided; other questions are never decided without a person.",
  ),
})
