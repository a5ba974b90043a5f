// Checks one step's expectations: command output, traffic, lists that wait for people, and the systems field by field.
// Every check is reported, kept or not, so that a story can show what it proved.
import { brief } from "./brief.ts"
import { amountDiffers, amountText, differences, listDiffers, patternOf } from "./compare.ts"
import type { Finished } from "./command.ts"
import { isObject, type Json } from "@syncline/connector"
import type { MockSystem, Traffic } from "./mock-system.ts"
import type { Amount, Expectation } from "./scenario.ts"

export interface Check {
  /** What was looked at, in a few words. */
  readonly what: string
  /** Empty: as expected. */
  readonly differences: readonly string[]
}

export interface Scene {
  readonly systems: ReadonlyMap<string, MockSystem>
  /** Of the step's command; null where it had none. */
  readonly ran: Finished | null
  readonly traffic: ReadonlyMap<string, Traffic>
  /** Runs `syncline … --json` and gives its list. */
  readonly list: (command: readonly string[]) => Promise<readonly Json[]>
}

const DONE = 0

export const verify = async (expect: Expectation, scene: Scene): Promise<readonly Check[]> => [
  ...(scene.ran === null ? [] : outputChecks(expect, scene.ran)),
  ...trafficChecks("writes", expect.writes, scene, ({ changed }) => changed),
  ...trafficChecks("write calls", expect.calls, scene, ({ calls }) => calls),
  ...(await listCheck("open reviews", expect.reviews, () => scene.list(["review", "list"]))),
  ...(await listCheck("items in quarantine", expect.quarantined, () => scene.list(["quarantine", "list"]))),
  ...(await totalChecks(expect, scene)),
  ...(await itemChecks(expect, scene)),
]

const outputChecks = (expect: Expectation, ran: Finished): readonly Check[] => {
  const text = `${ran.stdout}\n${ran.stderr}`
  const prints = (wanted: string): boolean => patternOf(wanted)?.test(text) ?? text.includes(wanted)
  const wanted = expect.exit ?? DONE
  return [
    { what: `exit code ${wanted}`, differences: ran.exit === wanted ? [] : [`expected ${wanted}, found ${ran.exit ?? "a signal"}`] },
    ...expect.prints.map((one) => ({ what: `prints ${one}`, differences: prints(one) ? [] : ["not in the output"] })),
    ...expect.hides.map((one) => ({ what: `does not print ${one}`, differences: prints(one) ? ["it is in the output"] : [] })),
    ...(expect.json === undefined ? [] : [{ what: "JSON on standard output", differences: jsonDifferences(expect.json, ran.stdout) }]),
  ]
}

const jsonDifferences = (expected: Json, stdout: string): readonly string[] => {
  try {
    return differences(expected, JSON.parse(stdout))
  } catch {
    return ["standard output is not JSON"]
  }
}

const trafficChecks = (
  what: string,
  expected: Readonly<Record<string, Amount>>,
  { traffic }: Scene,
  of: (seen: Traffic) => number,
): readonly Check[] =>
  Object.entries(expected).map(([name, amount]) => {
    const seen = traffic.get(name)
    const differ = seen === undefined ? "no command ran in this step" : amountDiffers(amount, of(seen))
    return { what: `${what} in ${name}: ${amountText(amount)}`, differences: differ === null ? [] : [differ] }
  })

const listCheck = async (what: string, expected: Expectation["reviews"], list: () => Promise<readonly Json[]>): Promise<readonly Check[]> =>
  expected === undefined ? [] : [{ what: `${what}: ${listText(expected)}`, differences: listDiffers(expected, await list()) }]

const listText = (expected: NonNullable<Expectation["reviews"]>): string =>
  // `isArray` alone does not narrow a readonly list
  Array.isArray(expected) ? expected.map((one: Json) => brief(one)).join("; ") || "none" : amountText(expected as Amount)

const systemOf = (scene: Scene, name: string): MockSystem => {
  const system = scene.systems.get(name)
  if (system === undefined) throw new Error(`no system ${name}`)
  return system
}

const totalChecks = (expect: Expectation, scene: Scene): Promise<readonly Check[]> =>
  Promise.all(
    Object.entries(expect.total).map(async ([name, amount]) => {
      const system = systemOf(scene, name)
      const differ = amountDiffers(amount, (await system.items()).filter(system.kind.counts).length)
      return { what: `items in ${name}: ${amountText(amount)}`, differences: differ === null ? [] : [differ] }
    }),
  )

const itemChecks = (expect: Expectation, scene: Scene): Promise<readonly Check[]> =>
  Promise.all(
    expect.items.map(async ({ system: name, who, has }) => {
      const system = systemOf(scene, name)
      const found = await system.find(who)
      const item = found === null ? null : (system.kind.shown?.(found) ?? found)
      const what = `${who} in ${name}`
      if (has === null) return { what: `no ${what}`, differences: item === null ? [] : [`is there: ${JSON.stringify(item)}`] }
      return { what: `${what}: ${brief(has)}`, differences: item === null ? ["is not there"] : differences(has, item) }
    }),
  )

/** The one list in a command's JSON answer: the answer itself, its `data`, or the only list in it. */
export const listIn = (answer: Json): readonly Json[] | null => {
  if (Array.isArray(answer)) return answer
  if (!isObject(answer)) return null
  if (answer["data"] !== undefined) return listIn(answer["data"])
  return Object.values(answer).find((value): value is readonly Json[] => Array.isArray(value)) ?? null
}
