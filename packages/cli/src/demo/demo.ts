// `demo`: the whole story on two live servers, with checks from outside. Exit code 0 only if every one of them held.
import { EXIT, type ExitCode } from "../exit.ts"
import { plural } from "../render/count.ts"
import { showSpan } from "../render/moment.ts"
import type { Screen } from "../screen/screen.ts"
import { ACTS } from "./acts.ts"
import { openStage, removeFolder } from "./stage.ts"

export async function demo(screen: Screen, options: { readonly keep: boolean }): Promise<ExitCode> {
  const startedAt = screen.shell.now()
  const stage = await openStage(screen)
  let interrupted = false
  const stop = screen.shell.onInterrupt(() => {
    interrupted = true
  })
  try {
    screen.out(`${screen.paint.bold("Syncline in a minute.")} The CRM is at ${stage.crm.url}, the e-mail platform at ${stage.email.url}.`)
    for (const act of ACTS) {
      if (interrupted) return EXIT.interrupted
      await act(stage)
    }
  } finally {
    stop()
    await stage.close()
    if (!options.keep) removeFolder(stage.folder)
  }
  const failed = stage.checks.filter((check) => !check.held)
  const took = showSpan(screen.shell.now() - startedAt)
  screen.out("")
  if (options.keep) screen.out(`The demo's folder: ${stage.folder}`)
  screen.answer("demo", { checks: stage.checks, failed: failed.length })
  if (failed.length > 0) {
    screen.out(`${screen.paint.red("✗")} ${plural(failed.length, "expectation")} of ${stage.checks.length} failed, in ${took}:`)
    for (const check of failed) screen.out(`  ${check.what}`)
    return EXIT.attention
  }
  screen.out(`${screen.paint.green("✓")} All ${stage.checks.length} expectations held, in ${took}.`)
  screen.out(screen.paint.dim("Next: syncline init my-sync"))
  return EXIT.done
}
