// The writes of a plan that is being carried out: each may be begun once, and nothing else is. What comes up meanwhile, an
// answer that has to be answered again say, stays owed and is for the next run.
import type { Intent } from "../model/intent.ts"
import type { PlannedWrite } from "../model/report.ts"
import { canonicalText } from "../model/value.ts"

/** How ids begin that a rehearsal gives to what it makes. */
export const PLANNED_ID = "planned-"

type Write = Pick<PlannedWrite, "binding" | "kind" | "remoteId" | "set">

/** Exactly what is sent, and where. */
export const textOfWrite = ({ binding, kind, remoteId, set }: Write): string => canonicalText([binding, kind, remoteId, set])

export class OnlyPlanned {
  private readonly left = new Map<string, number>()

  constructor(writes: readonly PlannedWrite[]) {
    for (const write of writes) {
      const key = textOfWrite(write.remoteId?.startsWith(PLANNED_ID) === true ? { ...write, remoteId: PLANNED_ID } : write)
      this.left.set(key, (this.left.get(key) ?? 0) + 1)
    }
  }
  /** Whether it may be begun. */
  take(intent: Intent): boolean {
    // what is made on the way has no id that a plan could name
    const keys = [textOfWrite(intent), textOfWrite({ ...intent, remoteId: PLANNED_ID })]
    const key = keys.find((each) => (this.left.get(each) ?? 0) > 0)
    if (key === undefined) return false
    this.left.set(key, (this.left.get(key) ?? 0) - 1)
    return true
  }
  /** It was begun and not sent: it may be begun once more. */
  giveBack(intent: Intent): void {
    const key = textOfWrite(intent)
    this.left.set(key, (this.left.get(key) ?? 0) + 1)
  }
}
