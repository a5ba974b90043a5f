// Bugs that only a strain brings to light: single items that cannot be read, scans that shift, and what else rarely goes wrong.
import { mutant, type Mutant } from "./mutant.ts"

export const STRAINING: readonly Mutant[] = [
  mutant(
    "I6",
    "take an item that may not be seen for one that is gone",
    "pull/look-up.ts",
    'else if (answer.fault.class === "notFound") missing.push(link)',
    "else missing.push(link)",
  ),
  mutant(
    "I10",
    "take what a scan left out for unchanged",
    "pull/pull.ts",
    "const doubtful = trustworthy && (yield*",
    'const doubtful = trustworthy && binding.spec.deletes.includes("absence") && (yield*',
  ),
  mutant(
    "I1",
    "forget to ask for an item whose old id was taken",
    "integrate/locate.ts",
    "secondaryId, rereadAt: secondaryId === null ? null : holder.rereadAt })",
    "secondaryId, rereadAt: null })",
  ),
  mutant(
    "I1",
    "take the item that answers for another for that one",
    "session/admit.ts",
    'if (value === undefined || (by === "id"',
    'if (value !== "" || (by === "id"',
  ),
  mutant(
    "I10",
    "go on as if stored where the store was locked",
    "session/session.ts",
    "      yield* commit(session, changes)\n",
    '      yield* commit(session, changes).pipe(Effect.catchTag("StoreError", () => Effect.void))\n',
  ),
  mutant(
    "I2",
    "take what fills in for a held field for the item's own",
    "integrate/hollow.ts",
    "filter(({ name }) => !held.includes(name))",
    'filter(({ name }) => name !== "")',
  ),
  mutant(
    "I7",
    "let a page speak for an item that no lookup finds",
    "integrate/integrate.ts",
    "if (!options.confirmed && link.blocked === NOT_FOUND)",
    'if (!options.confirmed && link.blocked === "")',
  ),
  mutant("I13", "know of no letters that are composed", "deliver/normalised.ts", 'value.normalize("NFC")', "value", "composes"),
  mutant(
    "I3",
    "write a number where only texts are taken",
    "pipeline/lens/number.ts",
    '!place.remote.includes("number")',
    "false",
    "numbers",
  ),
  mutant(
    "I18",
    "read a date by our own clock",
    "packages/connector/src/limit/retry-after.ts",
    "bounded(until - (readHttpDate(date) ?? nowMs))\n}\n\n/** A reset",
    "bounded(until - nowMs)\n}\n\n/** A reset",
    "windows",
  ),
  mutant(
    "I18",
    "let one call more into a window",
    "packages/connector/src/limit/window.ts",
    "if (used + cost <= this.max) return 0",
    "if (used + cost <= this.max + 1) return 0",
    "windows",
  ),
]
