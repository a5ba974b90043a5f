// What the commands share that only look into the store: file, name, store, and a view to render with.
import type { Decision, Loaded, Store } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import type { View } from "../render/view.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "./effect.ts"
import { locateFirst, type Located } from "./locate.ts"
import { readOutline, type Outline } from "./outline.ts"
import { openForLooking, openForWriting, showPath, storePath } from "./store.ts"

export interface Look {
  readonly located: Located
  readonly outline: Outline
  readonly store: Store
  readonly storePath: string
  readonly view: View & { readonly file: string }
  readonly rest: readonly string[]
}

export const viewOf = (screen: Screen): View => ({ paint: screen.paint, width: screen.width, now: screen.shell.now() })

/**
 * Opens, looks, closes. Before the first run there is nothing to see, and that is said.
 * `live`: the store itself rather than a copy of this moment, to leave an answer in it or to see what is added.
 */
export async function look(
  screen: Screen,
  args: readonly string[],
  options: { readonly store?: string; readonly live?: boolean },
  nothing: { readonly command: string; readonly data: unknown },
  act: (look: Look) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { located, rest } = locateFirst(screen, args)
  const outline = readOutline(located)
  const path = storePath(screen, located, outline.name, options.store)
  const looking = await openForLooking(path)
  if (looking === null) {
    screen.out(`${screen.paint.bold(outline.name)}  never run: there is no store at ${showPath(screen, path)}.`)
    screen.out(screen.paint.dim(`Next: syncline run ${located.shown}`))
    screen.answer(nothing.command, nothing.data)
    return EXIT.done
  }
  let store = looking
  if (options.live === true) {
    await perform(looking.close())
    store = await openForWriting(path)
  }
  try {
    return await act({ located, outline, store, storePath: path, view: { ...viewOf(screen), file: located.shown }, rest })
  } finally {
    await perform(store.close())
  }
}

/** Answers that wait for the next run, by what they answer. */
export async function pendingDecisions(store: Store): Promise<ReadonlyMap<string, Decision>> {
  const decisions = await perform(store.decisions())
  return new Map(decisions.map((decision) => [decision.kind === "resolve" ? decision.reviewId : decision.quarantineId, decision]))
}

export async function labelsOf(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  return labelsIn(await perform(store.loadRecords([...new Set(ids)])))
}

export function labelsIn({ records, claims }: Pick<Loaded, "records" | "claims">): ReadonlyMap<string, string> {
  const labels = new Map<string, string>(records.map((record) => [record.id, record.id]))
  for (const claim of claims) if (labels.get(claim.recordId) === claim.recordId) labels.set(claim.recordId, plainKey(claim.value))
  return labels
}

/** A claim's value is canonical text: `["jane@x.com"]` reads better as `jane@x.com`. */
function plainKey(value: string): string {
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? parsed.map(String).join(" ") : String(parsed)
  } catch {
    return value
  }
}
