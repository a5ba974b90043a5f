// `check`: everything that can be known to be wrong before a run. Offline: the file and the laws of its lenses. Online:
// each system is reached, the mapping is tried on real items, and what each system can promise is said. Nothing is written.
import { checkLensLaws, describeGuarantees, type Guarantee, type Pipeline, type Samples } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { plural } from "../render/count.ts"
import { renderCheck, type Checked, type CheckedBinding } from "../render/check.ts"
import type { Screen } from "../screen/screen.ts"
import { memoryStore } from "../wire/empty.ts"
import { locate, type Located } from "../wire/locate.ts"
import { viewOf } from "../wire/looking.ts"
import { readPipeline, wrongPipeline } from "../wire/pipeline.ts"
import { openSession } from "../wire/session.ts"
import { reachSystem, type Reached } from "./check-reach.ts"
import { judgeSample, sampleOf, sayLaw, type Sample } from "./check-sample.ts"

export async function check(screen: Screen, file: string | undefined, options: { readonly offline: boolean }): Promise<ExitCode> {
  const located = locate(screen, file)
  const read = await readPipeline(screen, located)
  const { pipeline } = read
  if (pipeline === null) throw wrongPipeline(located, read)
  if (read.rendered !== "") screen.out(`${read.rendered}\n\n`)
  screen.out(`${screen.paint.green("✓")} ${located.shown}: ${outline(pipeline)}`)
  const online = options.offline ? null : await lookAround(screen, pipeline, located)
  const checked: Checked = {
    pipeline: pipeline.name,
    warnings: read.problems.length,
    systems: online?.reached ?? null,
    bindings: judged(pipeline, online?.samples ?? null),
    guarantees: guaranteesOf(pipeline),
  }
  screen.out(renderCheck(checked, { ...viewOf(screen), file: located.shown }).join("\n"))
  screen.answer("check", { ...checked, problems: read.problems })
  if (checked.systems?.some((system) => system.fault !== null) === true) return EXIT.unreachable
  return checked.bindings.some((binding) => binding.findings.length > 0) ? EXIT.attention : EXIT.done
}

const outline = (pipeline: Pipeline): string => {
  const bindings = pipeline.entities.flatMap((entity) => entity.bindings)
  const fields = bindings.reduce((sum, binding) => sum + binding.fields.length, 0)
  return [
    plural(pipeline.systems.length, "system"),
    plural(pipeline.entities.length, "entity", "entities"),
    plural(bindings.length, "binding"),
    plural(fields, "field rule"),
  ].join(", ")
}

/** Binding key -> its first items. */
type Found = ReadonlyMap<string, Sample>

async function lookAround(
  screen: Screen,
  pipeline: Pipeline,
  located: Located,
): Promise<{ readonly reached: readonly Reached[]; readonly samples: Found }> {
  const session = await openSession(screen, pipeline, await memoryStore(), located)
  try {
    const samples = new Map<string, Sample>()
    const bindings = pipeline.entities.flatMap((entity) => entity.bindings)
    // Side by side: one system that is slow to fail need not hold up the others.
    const reached = await Promise.all(
      pipeline.systems.map(async (system): Promise<Reached | null> => {
        const connector = session.connectors.get(system.name)
        if (connector === undefined) return null
        const reach = await reachSystem(system, connector, screen.shell.now)
        if (reach.fault !== null) return reach
        for (const binding of bindings) if (binding.system === system.name) samples.set(binding.key, await sampleOf(binding, connector))
        return reach
      }),
    )
    return { reached: reached.filter((each) => each !== null), samples }
  } finally {
    await session.close()
  }
}

function judged(pipeline: Pipeline, found: Found | null): CheckedBinding[] {
  const samples: Samples = Object.fromEntries([...(found ?? [])].map(([key, sample]) => [key, sample.items.map((each) => each.item)]))
  const laws = checkLensLaws(pipeline, samples)
  return pipeline.entities.flatMap((entity) =>
    entity.bindings.map((binding): CheckedBinding => {
      const sample = found?.get(binding.key)
      return {
        binding: binding.key,
        system: binding.system,
        fields: binding.fields.length,
        sampled: sample === undefined ? null : sample.items.length,
        findings: [
          ...(sample?.trouble == null ? [] : [`its items cannot be read: ${sample.trouble}`]),
          ...laws.filter((law) => law.binding === binding.key).map(sayLaw),
          ...judgeSample(entity, binding, sample?.items ?? []),
        ],
      }
    }),
  )
}

const guaranteesOf = (pipeline: Pipeline): readonly Guarantee[] => describeGuarantees(pipeline)
