// A write as plans and journal tell it: whom it is about, what changes, and who wrote the new values.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { FieldChange } from "../model/journal.ts"
import type { Intent } from "../model/intent.ts"
import type { Draft } from "../integrate/draft.ts"
import type { PlannedWrite } from "../model/report.ts"

export const changesOf = (draft: Draft, binding: Binding, intent: Intent): readonly FieldChange[] => {
  const { stamps } = draft.record(intent.recordId)
  return Object.entries(intent.sent).map(([field, after]) => {
    const before = intent.seen === null ? null : binding.field(field)?.get(intent.seen)
    const by = stamps[field]
    return {
      field,
      before: before === undefined || before instanceof LensFailure ? null : before,
      after,
      ...(by === undefined ? {} : { by }),
    }
  })
}

export function plannedOf(draft: Draft, binding: Binding, intent: Intent): PlannedWrite {
  const record = draft.record(intent.recordId)
  const [key] = draft.entity.match
  const label = (key ?? []).map((name) => record.fields[name]).filter((value) => typeof value === "string" && value !== "")
  return {
    system: binding.system,
    binding: binding.key,
    entity: intent.entity,
    kind: intent.kind,
    remoteId: intent.remoteId,
    label: label.length > 0 ? label.join(" ") : record.id,
    recordId: record.id,
    changes: changesOf(draft, binding, intent),
    set: intent.set,
  }
}
