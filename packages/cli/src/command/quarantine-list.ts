// `quarantine list` and `quarantine show`.
import type { Quarantined, Store } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import { renderQuarantine, renderQuarantined } from "../render/quarantine.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { look, pendingDecisions } from "../wire/looking.ts"

export interface QuarantineNarrow {
  readonly entity?: string
  readonly binding?: string
}
export const MANY = 100_000

export const narrowQuarantine = ({ entity, binding }: QuarantineNarrow): QuarantineNarrow => ({
  ...(entity === undefined ? {} : { entity }),
  ...(binding === undefined ? {} : { binding }),
})

export const quarantineList = (
  screen: Screen,
  file: string | undefined,
  options: QuarantineNarrow & { readonly store?: string; readonly limit: number },
): Promise<ExitCode> =>
  look(screen, file === undefined ? [] : [file], options, { command: "quarantine list", data: [] }, async ({ store, view }) => {
    const found = await perform(store.quarantined({ ...narrowQuarantine(options), limit: options.limit + 1 }))
    const decided = await pendingDecisions(store)
    const items = found.slice(0, options.limit)
    screen.out(renderQuarantine(items, decided, { ...view, more: found.length > options.limit }).join("\n"))
    screen.answer(
      "quarantine list",
      items.map((item) => ({ ...item, decision: decided.get(item.id) ?? null })),
    )
    return EXIT.done
  })

export const quarantineShow = (screen: Screen, args: readonly string[], options: { readonly store?: string }): Promise<ExitCode> =>
  look(screen, args, options, { command: "quarantine show", data: null }, async ({ store, view, rest, located }) => {
    const [id] = rest
    if (id === undefined) throw usage("Which item? Name its id.", `They are listed by: syncline quarantine list ${located.shown}`)
    const item = await findQuarantined(store, id, located.shown)
    const decision = (await pendingDecisions(store)).get(item.id) ?? null
    screen.out(renderQuarantined(item, decision, view).join("\n"))
    screen.answer("quarantine show", { ...item, decision })
    return EXIT.done
  })

/** By id, by a beginning of it, or by the remote id. */
export async function findQuarantined(store: Store, id: string, file: string): Promise<Quarantined> {
  const all = await perform(store.quarantined({ limit: MANY }))
  const exact = all.filter((item) => item.id === id || item.remoteId === id)
  const found = exact.length > 0 ? exact : all.filter((item) => item.id.startsWith(id))
  const [item] = found
  if (item === undefined) throw usage(`Nothing in quarantine is called ${id}.`, `It is listed by: syncline quarantine list ${file}`)
  if (found.length > 1)
    throw usage(
      `Several items are called ${id}.`,
      found
        .slice(0, 5)
        .map((each) => each.id)
        .join(", "),
    )
  return item
}
