// `check`: everything that can be known to be wrong before a run. Offline: the file. Online: each system is reached, the
// mapping is tried on real items, and what each system can promise is said. Nothing is written anywhere.
import type { Pipeline } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { cleanText } from "../render/clean.ts"
import { plural } from "../render/count.ts"
import type { Screen } from "../screen/screen.ts"
import { memoryStore } from "../wire/empty.ts"
import { locate, type Located } from "../wire/locate.ts"
import { readPipeline, wrongPipeline, type ReadPipeline } from "../wire/pipeline.ts"
import { openSession } from "../wire/session.ts"
import { reachSystem, type Reached } from "./check-reach.ts"
import { tryBinding, type Tried } from "./check-sample.ts"

export async function check(screen: Screen, file: string | undefined, options: { readonly offline: boolean }): Promise<ExitCode> {
  const located = locate(screen, file)
  const read = await readPipeline(screen, located)
  if (read.pipeline === null) throw wrongPipeline(located, read)
  if (read.rendered !== "") screen.out(`${read.rendered}\n\n`)
  screen.out(`${screen.paint.green("✓")} ${located.shown}: ${outline(read.pipeline)}`)
  const online = options.offline ? null : await checkOnline(screen, read.pipeline)
  screen.answer("check", {
    pipeline: read.pipeline.name,
    problems: read.problems,
    systems: online?.reached ?? null,
    bindings: online?.tried ?? null,
  })
  return conclude(screen, located, read, online)
}

const outline = (pipeline: Pipeline): string => {
  const bindings = pipeline.entities.flatMap((entity) => entity.bindings)
  const fields = bindings.reduce((sum, binding) => sum + binding.fields.length, 0)
  return `${plural(pipeline.systems.length, "system")}, ${plural(pipeline.entities.length, "entity", "entities")}, ${plural(bindings.length, "binding")}, ${plural(fields, "field rule")}`
}

interface Online {
  readonly reached: readonly Reached[]
  readonly tried: readonly Tried[]
}

async function checkOnline(screen: Screen, pipeline: Pipeline): Promise<Online> {
  const { paint } = screen
  const session = await openSession(screen, pipeline, await memoryStore())
  try {
    const reached: Reached[] = []
    const tried: Tried[] = []
    for (const system of pipeline.systems) {
      const connector = session.connectors.get(system.name)
      if (connector === undefined) continue
      const reach = await reachSystem(system, connector, screen.shell.now)
      reached.push(reach)
      screen.out("")
      if (reach.fault !== null) {
        screen.out(
          `${paint.red("✗")} ${paint.bold(cleanText(system.name))}  ${reach.fault.auth ? "refuses the credentials" : "cannot be reached"}: ${cleanText(reach.fault.message)}`,
        )
        continue
      }
      screen.out(
        `${paint.green("✓")} ${paint.bold(cleanText(system.name))}  ${cleanText(system.description.title)}, answered in ${reach.ms} ms`,
      )
      for (const entity of pipeline.entities) {
        for (const binding of entity.bindings.filter((each) => each.system === system.name)) {
          const trial = await tryBinding(entity, binding, connector)
          tried.push(trial)
          screen.out(`  ${trial.findings.length === 0 ? paint.green("✓") : paint.yellow("!")} ${cleanText(binding.key)}: ${trial.summary}`)
          for (const finding of trial.findings) screen.out(`      ${cleanText(finding)}`)
        }
      }
      for (const line of reach.guarantees) screen.out(`    ${paint.dim(cleanText(line))}`)
    }
    return { reached, tried }
  } finally {
    await session.close()
  }
}

function conclude(screen: Screen, located: Located, read: ReadPipeline, online: Online | null): ExitCode {
  const { paint } = screen
  const down = online?.reached.filter((each) => each.fault !== null) ?? []
  const findings = online?.tried.reduce((sum, each) => sum + each.findings.length, 0) ?? 0
  screen.out("")
  if (down.length > 0) {
    screen.out(
      `${paint.red("✗")} ${plural(down.length, "system")} could not be checked. ${paint.dim("Is it running, and are address and credentials right?")}`,
    )
    return EXIT.unreachable
  }
  if (findings > 0) {
    screen.out(
      `${paint.yellow("!")} ${plural(findings, "finding")}. A run would put what cannot pass into quarantine or review. ${paint.dim(`Next: syncline plan ${located.shown}`)}`,
    )
    return EXIT.attention
  }
  const warnings = read.problems.length
  screen.out(
    `${paint.green("✓")} ${warnings === 0 ? "Nothing is wrong." : `No errors; ${plural(warnings, "warning")} above.`} ${paint.dim(`Next: syncline plan ${located.shown}`)}`,
  )
  return EXIT.done
}
