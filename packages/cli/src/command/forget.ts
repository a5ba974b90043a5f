// `forget`: erases a person from the store, journal and all, and with --everywhere from the systems first. What it says,
// and what it prints as a receipt, names nobody. `--lift` lets somebody who was forgotten come in again.
import type { Pipeline, Receipt, Store, WaitingItem } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import type { Allowance } from "../program/number.ts"
import { plural } from "../render/count.ts"
import { renderReceipt } from "../render/receipt.ts"
import { shellWord } from "../render/shell-word.ts"
import { openProgress } from "../screen/progress.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { locateFirst } from "../wire/locate.ts"
import { viewOf } from "../wire/looking.ts"
import { withSession } from "../wire/opened.ts"
import { replacedFiles, showPath } from "../wire/store.ts"
import { interrupted } from "./run.ts"

export interface ForgetOptions {
  readonly store?: string
  readonly everywhere: boolean
  readonly yes: boolean
  readonly lift?: string
  readonly allow?: Allowance
}

export async function forget(screen: Screen, args: readonly string[], options: ForgetOptions): Promise<ExitCode> {
  const { located, rest } = locateFirst(screen, args)
  const [text] = rest
  if (options.lift === undefined ? text === undefined || rest.length > 1 : rest.length > 0)
    throw usage("Which record? Name one key, remote id or record id.", `For example: syncline forget ${located.shown} jane@example.com`)
  const progress = await openProgress(screen)
  const interrupt = listenForInterrupt(screen, "Ending after the write under way.")
  const { forgetOf, liftOf } = await import("../wire/engine.ts")
  const open = { ...(options.store === undefined ? {} : { store: options.store }), writing: true, progress: progress.show }
  try {
    return await withSession(screen, located, open, async ({ session, pipeline, storePath: path }) => {
      const { store } = session.engine
      if (options.lift !== undefined) {
        if (!(await liftOf(session.engine, options.lift)))
          throw usage(`Nobody was forgotten under ${options.lift}.`, `The ids are in the receipts, and in: syncline log ${located.shown}`)
        screen.out(
          `${screen.paint.green("✓")} Lifted, with all that was kept of the same person. The next run takes in again what is there of them: syncline run ${located.shown}`,
        )
        screen.answer("forget", { lifted: options.lift })
        return EXIT.done
      }
      const who = await only(store, pipeline, text ?? "", located.shown)
      if (!options.yes && !(await agreed(screen, store, pipeline, who, text ?? "", options.everywhere, located.shown))) return EXIT.done
      const allow = options.allow === undefined ? {} : { allow: options.allow }
      const receipt = await forgetOf(session.engine, who, { everywhere: options.everywhere, ...allow }, interrupt.signal).finally(
        progress.end,
      )
      if (interrupt.signal.aborted) return interrupted(screen, "forget", located.shown)
      if (receipt === null) throw usage("This pipeline has no entity for that record any more.")
      const copies = receipt.erased === null ? [] : replacedFiles(path)
      screen.out(
        renderReceipt(receipt, { ...viewOf(screen), file: located.shown, copies: copies.map((copy) => showPath(screen, copy)) }).join("\n"),
      )
      screen.answer("forget", { ...receipt, copies })
      return exitOf(receipt)
    })
  } catch (error) {
    if (interrupt.signal.aborted) return interrupted(screen, "forget", located.shown)
    throw error
  } finally {
    progress.end()
    interrupt.stop()
  }
}

const ENOUGH = 10

async function only(store: Store, pipeline: Pipeline, text: string, file: string): Promise<string | readonly WaitingItem[]> {
  const found = await perform(store.find(text, ENOUGH))
  const [recordId] = found
  if (found.length > 1) throw usage("Several records are found by that.", `Name one by its id: ${found.join(", ")}`)
  if (recordId !== undefined) return recordId
  const { findWaiting } = await import("@syncline/core")
  const { items, by } = await perform(findWaiting(store, pipeline, text))
  const [first, ...more] = items
  if (first === undefined)
    throw usage("No record is found by that.", `Keys, remote ids and record ids are tried. See: syncline status ${file}`)
  if (more.length > 0 && (by === "id" || items.some((item) => item.entity !== first.entity)))
    throw usage("Several items are found by that.", `Name the person by a key. See: syncline quarantine list ${file}`)
  return first.recordId ?? items
}

/** What it comes to, and a person's word; without a terminal, what to type. */
async function agreed(
  screen: Screen,
  store: Store,
  pipeline: Pipeline,
  who: string | readonly WaitingItem[],
  text: string,
  everywhere: boolean,
  file: string,
): Promise<boolean> {
  const recordId = typeof who === "string" ? who : null
  const { links, reviews, quarantine } = await perform(store.loadRecords(recordId === null ? [] : [recordId]))
  const linked = links.filter((link) => link.remoteId !== null && link.state !== "gone").map((link) => link.binding)
  const there = typeof who === "string" ? linked : [...new Set(who.map((item) => item.binding))]
  const what = everywhere ? `deleted in ${there.join(" and ") || "no system"}, then erased` : "erased here, and left in the systems"
  const subject = typeof who === "string" ? "one record" : `${plural(who.length, "item")} without a record`
  const rest =
    recordId === null
      ? "with whatever names it"
      : `with its journal, ${plural(reviews.length, "open question")} and ${plural(quarantine.length, "item")} in quarantine`
  screen.out(`${screen.paint.bold(`Forget ${subject} of ${pipeline.name}`)}: it is ${what}, ${rest}.`)
  screen.out("This cannot be taken back. Only keyed hashes of its match keys and ids stay, so that it is not taken in again.")
  if (screen.shell.interactive && !screen.json) {
    const { confirmMany } = await import("./review-ask.ts")
    return confirmMany(screen, "Forget it?")
  }
  screen.out(screen.paint.dim(`Do it: syncline forget ${file} ${recordId ?? shellWord(text)}${everywhere ? " --everywhere" : ""} --yes`))
  const data = { planned: true, recordId, everywhere, bindings: there, reviews: reviews.length, quarantine: quarantine.length }
  screen.answer("forget", recordId === null && typeof who !== "string" ? { ...data, items: who.length } : data)
  return false
}

function exitOf(receipt: Receipt): ExitCode {
  if (receipt.guards.length > 0) return EXIT.guard
  if (receipt.unreachable.length > 0) return EXIT.unreachable
  return receipt.erased === null ? EXIT.attention : EXIT.done
}
