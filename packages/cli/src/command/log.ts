// `log`: the journal, the newest last, and with --follow whatever is added, until Ctrl-C.
import type { JournalFilter, JournalRow, Store } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import { renderJournalRow } from "../render/journal.ts"
import type { View } from "../render/view.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { labelsOf, look } from "../wire/looking.ts"

const POLL_MS = 1000

export const log = (
  screen: Screen,
  file: string | undefined,
  options: { readonly store?: string; readonly record?: string; readonly run?: string; readonly limit: number; readonly follow: boolean },
): Promise<ExitCode> =>
  look(
    screen,
    file === undefined ? [] : [file],
    { ...options, live: options.follow },
    { command: "log", data: [] },
    async ({ store, view }) => {
      const narrow = await narrowed(store, options)
      const rows = [...(await perform(store.journal({ ...narrow, newestFirst: true, limit: options.limit })))].reverse()
      await print(screen, store, rows, view)
      if (!options.follow) {
        if (rows.length === 0) screen.out(nothing(options))
        screen.answer("log", rows)
        return EXIT.done
      }
      for (const row of rows) screen.answer("log", row)
      let seq = rows.at(-1)?.seq ?? 0
      const interrupt = listenForInterrupt(screen, "No longer following.")
      for (;;) {
        await interrupt.pause(POLL_MS)
        if (interrupt.signal.aborted) break
        const fresh = await perform(store.journal({ ...narrow, afterSeq: seq, limit: 1000 }))
        await print(screen, store, fresh, { ...view, now: screen.shell.now() })
        for (const row of fresh) screen.answer("log", row)
        seq = fresh.at(-1)?.seq ?? seq
      }
      interrupt.stop()
      return EXIT.done
    },
  )

const nothing = ({ record, run }: { readonly record?: string; readonly run?: string }): string => {
  const what = [...(record === undefined ? [] : [`about ${record}`]), ...(run === undefined ? [] : [`of a run ${run}`])]
  return what.length === 0 ? "Nothing is in the journal yet." : `Nothing ${what.join(" and ")} is in the journal.`
}

async function narrowed(
  store: Store,
  options: { readonly record?: string; readonly run?: string },
): Promise<Pick<JournalFilter, "recordId" | "run">> {
  const run = options.run === undefined ? {} : { run: await wholeRunId(store, options.run) }
  if (options.record === undefined) return run
  const found = await perform(store.find(options.record, 2))
  if (found.length > 1) throw usage(`Several records are found by ${options.record}.`, `Name one by its id: ${found.join(", ")}`)
  // A record that is forgotten or gone still has its journal, under its own id.
  return { ...run, recordId: found[0] ?? options.record }
}

export async function wholeRunId(store: Store, beginning: string): Promise<string> {
  const runs = (await perform(store.runs(1000))).filter((each) => each.id.startsWith(beginning))
  if (runs.length > 1)
    throw usage(
      `Several runs begin with ${beginning}.`,
      runs
        .slice(0, 5)
        .map((each) => each.id)
        .join(", "),
    )
  return runs[0]?.id ?? beginning
}

async function print(screen: Screen, store: Store, rows: readonly JournalRow[], view: View): Promise<void> {
  if (rows.length === 0 || screen.json) return
  const labels = await labelsOf(
    store,
    rows.flatMap((row) => (row.recordId === null ? [] : [row.recordId])),
  )
  screen.out(
    rows
      .flatMap((row) => renderJournalRow(row, { ...view, label: row.recordId === null ? "" : (labels.get(row.recordId) ?? row.recordId) }))
      .join("\n"),
  )
}
