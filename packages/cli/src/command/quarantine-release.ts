// `quarantine retry` and `quarantine drop`: left in the store, carried out by the next run.
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import { cleanText } from "../render/clean.ts"
import { plural } from "../render/count.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { randomIds } from "../wire/ids.ts"
import { look } from "../wire/looking.ts"
import { findQuarantined, MANY, narrowQuarantine, type QuarantineNarrow } from "./quarantine-list.ts"

export const quarantineRelease = (
  screen: Screen,
  kind: "retry" | "drop",
  args: readonly string[],
  options: QuarantineNarrow & { readonly store?: string; readonly all?: boolean; readonly yes?: boolean },
): Promise<ExitCode> =>
  look(
    screen,
    args,
    { ...options, live: true },
    { command: `quarantine ${kind}`, data: { decided: [] } },
    async ({ store, rest, located }) => {
      const wide = options.all === true || options.entity !== undefined || options.binding !== undefined
      if (rest.length === 0 && !wide)
        throw usage(
          "Which item? Name its id, or several by --binding, --entity or --all.",
          `They are listed by: syncline quarantine list ${located.shown}`,
        )
      const items =
        rest.length > 0
          ? await Promise.all(rest.map((id) => findQuarantined(store, id, located.shown)))
          : await perform(store.quarantined({ ...narrowQuarantine(options), limit: MANY }))
      if (rest.length === 0 && options.yes !== true && screen.shell.interactive && !screen.json && items.length > 0) {
        const { confirmMany } = await import("./review-ask.ts")
        if (!(await confirmMany(screen, `${kind === "retry" ? "Retry" : "Drop"} ${plural(items.length, "item")}?`))) return EXIT.done
      }
      for (const item of items) {
        const at = screen.shell.now()
        const by = screen.shell.env["SYNCLINE_USER"] ?? screen.shell.env["USER"] ?? "somebody"
        await perform(store.decide({ id: randomIds.next("dec"), at, by, note: null, kind, quarantineId: item.id }))
        screen.out(`${screen.paint.green("✓")} ${cleanText(item.id)}: ${kind}`)
      }
      screen.answer(`quarantine ${kind}`, { decided: items.map((item) => item.id) })
      screen.out(
        items.length === 0
          ? "Nothing in quarantine is of that kind."
          : screen.paint.dim(`The next run does it: syncline run ${located.shown}`),
      )
      return EXIT.done
    },
  )
