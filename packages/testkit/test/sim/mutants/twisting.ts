// Bugs that only a filter, a schema that drifts or an automation brings to light.
import { mutant, type Mutant } from "./mutant.ts"

export const TWISTING: readonly Mutant[] = [
  mutant(
    "I1",
    "keep an item in step that was tied where it has no place",
    "integrate/merge.ts",
    "      place(draft, record.id, binding)\n",
    "",
  ),
  mutant(
    "I6",
    "read our own removal from a filter as somebody's delete",
    "deliver/settle-delete.ts",
    '...link, state: "gone", owed: {}',
    '...link, state: record.deleted === null ? "live" : "gone", owed: {}',
    "filter",
  ),
  mutant(
    "I6",
    "end a record for the loss of an item that was to leave",
    "integrate/remove.ts",
    'if (record.deleted !== null || link.owes === "delete" || link.state === "kept") {',
    'if (record.deleted !== null || link.state === "kept") {',
    "filter",
  ),
  mutant(
    "I2",
    "settle a write that the system does not show",
    "deliver/settle.ts",
    "const missing = notShown(draft, binding, link, intent, returnedItem)",
    "const missing = notShown(draft, binding, link, intent, returnedItem).slice(0, 0)",
  ),
  mutant(
    "I17",
    "freeze nothing that goes back and forth",
    "deliver/freeze.ts",
    "flipping.length === 0) continue",
    "flipping.length < 99) continue",
  ),
  mutant(
    "I1",
    "have values compared that the system hides",
    "pull/schema-mask.ts",
    "if (paths.length === 0) return ops",
    "if (paths.length >= 0) return ops",
    "drift",
  ),
  mutant(
    "I2",
    "remove an item while its word is asked about",
    "integrate/hold.ts",
    'review.kind === "conflict" && isLeaving(draft, link) &&',
    'review.kind === "conflict" && link.owes === "archive" &&',
  ),
  mutant("I8", "write a link again as long as it owes", "deliver/deliver.ts", " && !session.written.has(link.id))", ")"),
]
