// Where nobody outside a system could have known better: its shape hides who is who, and the engine is not to blame.
import type { Knowledge } from "../knowledge.ts"
import { presentOf, type Row, type SimSystem } from "../system.ts"
import { plain } from "../words.ts"

/**
 * A create whose answer was lost made this row, and a user gave it another address before anything showed it: looked up
 * by the address that was sent it is not there, and where creates have no key of their own, nothing else tells.
 */
export const wasRenamedUnseen = (system: SimSystem, row: Row, knowledge: Knowledge): boolean =>
  system.shape.idempotent !== "header" &&
  row.madeBy.by === "engine" &&
  !knowledge.linked.has(row) &&
  plain(presentOf(row).item["email"]).toLowerCase() !== plain(row.madeBy.op.set["email"]).toLowerCase()
