// The receipt of an erasure: what was erased where and how much, and what is kept so that nobody comes in again. It holds
// no personal value.
import type { InSystem, Receipt } from "@syncline/core"
import { renderUnreachable } from "./attention.ts"
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import { showTime } from "./moment.ts"
import { shellWord } from "./shell-word.ts"
import type { View } from "./view.ts"

const OUTCOMES: Readonly<Record<InSystem["outcome"], string>> = {
  deleted: "deleted there",
  archived: "deleted there; this system keeps what is deleted as archived",
  left: "left there: delete it there yourself, or forget with --everywhere",
  not_deletable: "still there: this system offers no delete",
  not_deleted: "not deleted yet",
}

type ReceiptView = View & {
  readonly file: string
  /** Older files beside the store. */
  readonly copies?: readonly string[]
}

export function renderReceipt(receipt: Receipt, { paint, now, file, copies = [] }: ReceiptView): string[] {
  const { erased } = receipt
  const lines = [`${paint.bold("Receipt")}  ${cleanText(receipt.pipeline)}, ${showTime(receipt.at)} UTC`, ""]
  for (const { binding, outcome } of receipt.systems) lines.push(`  ${cleanText(binding)}: ${OUTCOMES[outcome]}`)
  if (erased !== null) {
    const parts = [
      plural(erased.records, "record"),
      plural(erased.links, "link"),
      plural(erased.reviews, "review"),
      `${erased.quarantine} in quarantine`,
      plural(erased.decisions, "decision"),
    ]
    lines.push(`  store: ${parts.join(", ")} erased; ${plural(erased.journal, "journal row")} emptied; file and log cleared`)
    for (const { id, entity, key } of erased.blocked)
      lines.push(`  kept: ${id}  ${paint.dim(`keyed hash of ${cleanText(entity)} ${cleanText(key)}`)}`)
    const [first] = erased.blocked
    if (first !== undefined) lines.push(`  ${paint.dim(`to let them in again: syncline forget ${file} --lift ${first.id}`)}`)
  }
  if (copies.length > 0) lines.push(`  copies: files that a restore put aside still hold the person: rm ${copies.map(shellWord).join(" ")}`)
  if (erased !== null)
    lines.push(paint.dim("  backups made before now hold the person too; one that is restored with this store in place is cleared of them"))
  if (receipt.unreachable.length > 0) lines.push("", ...renderUnreachable(receipt.unreachable, file, { paint, now, width: 0 }))
  for (const trip of receipt.guards) {
    lines.push("", `${paint.red("✗")} stopped by the ${trip.guard} guard: ${cleanText(trip.message)}`)
    lines.push(`  ${paint.dim(`Let it through: --allow ${trip.guard}=${trip.count}`)}`)
  }
  lines.push(
    "",
    erased === null ? `${paint.red("✗")} Nothing was erased: ${cleanText(receipt.why ?? "")}.` : `${paint.green("✓")} Forgotten.`,
  )
  return lines
}
