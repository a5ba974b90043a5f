// Planted bugs in what an operator asks for beside passes: taking back a run, comparing and repairing.
import { type Mutant, mutant } from "./mutant.ts"

export const OPERATING: readonly Mutant[] = [
  mutant(
    "I2",
    "undo what was edited since",
    "undo/plan.ts",
    "  if (why !== null)\n    return asked === undefined",
    '  if (why === "")\n    return asked === undefined',
  ),
  mutant(
    "I17",
    "hold nothing that was undone",
    "undo/carry-out.ts",
    "    dispute(draft, link, field, value, stamp, [], `${undone} was undone there`)\n",
    "",
  ),
  mutant(
    "I2",
    "remove by an undo what was edited",
    "undo/plan.ts",
    "return edited || !isAsWritten(subject, made) ?",
    'return edited && made.run === "" ?',
  ),
  mutant(
    "I17",
    "make anew what an undo removed",
    "undo/carry-out.ts",
    "  holdItem(draft, linkId, `${undone} created it and was undone: it is not made anew until somebody says so`)\n",
    "",
  ),
  mutant(
    "I1",
    "compare nothing whose version has not moved",
    "verify/read.ts",
    "      if (link !== undefined) sighted.add(link.id)\n",
    "      if (link !== undefined) sighted.add(link.id)\n      if (link !== undefined && observed.version !== null && link.version === observed.version) continue\n",
  ),
  mutant("I1", "compare nothing that a scan left out", "verify/read.ts", "    yield* compareUnseen(place, remote, sighted)\n", ""),
  mutant("I1", "take a lost write for repaired", "verify/mark.ts", "        owed: { ...link.owed, [mark.field]: [mark.actual] },\n", ""),
  mutant(
    "I17",
    "have an apply write what its plan does not name",
    "deliver/only-planned.ts",
    "    if (key === undefined) return false\n",
    "    if (key === undefined) return true\n",
  ),
  mutant(
    "I17",
    "apply a plan whatever moved since",
    "run/plan.ts",
    "            return moved.length === 0\n",
    "            return moved.length >= 0\n",
  ),
  mutant(
    "I1",
    "name no edit that a comparison meets",
    "verify/compare.ts",
    '  if (moved) return { kind: "moved", ...facts }\n',
    '  if (moved) return { kind: "explained", reason: "rewritten" }\n',
  ),
  mutant(
    "I5",
    "take in again who was forgotten",
    "integrate/identify.ts",
    '  if (draft.forgotten.leavesAlone(binding.key, observed.id, keys)) return "filtered"\n',
    "",
  ),
  mutant(
    "I20",
    "keep the journal of who was forgotten",
    "store/memory-forget.ts",
    "remoteId: null, changes: [], note",
    "remoteId: null, note",
  ),
  mutant(
    "I20",
    "erase people whose items are still there",
    "run/forget.ts",
    'each.outcome === "not_deleted")) return',
    'each.outcome === "left")) return',
  ),
]
