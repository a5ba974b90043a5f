import { describe, expect, it } from "vitest"
import { readScenario, ScenarioError } from "../../src/scenario/index.ts"

const HEAD = "scenario: 1\ntitle: T\nsystems: { crm: { mock: crm } }\nstory:\n"

const problems = (text: string): readonly string[] => {
  try {
    readScenario(text, "scenario.yaml")
  } catch (cause) {
    if (cause instanceof ScenarioError) return cause.problems
    throw cause
  }
  return []
}

describe("a scenario that is wrong says where and what", () => {
  it.each([
    ["an unknown word in a step", `${HEAD}  - say: x\n    think: y\n`, 'scenario.yaml:6:5  unknown word "think"'],
    ["a step that says nothing", `${HEAD}  - syncline: run\n`, 'scenario.yaml:5:5  "say" is missing'],
    [
      "a deed in a system that the story lacks",
      `${HEAD}  - say: x\n    do: { shop: { heal: true } }\n`,
      `scenario.yaml:6:11  "shop" is not one of this story's systems`,
    ],
    [
      "an expectation of a system that the story lacks",
      `${HEAD}  - say: x\n    expect: { writes: { shop: 1 } }\n`,
      `scenario.yaml:6:25  "shop" is not one of this story's systems`,
    ],
    ["an unknown deed", `${HEAD}  - say: x\n    do:\n      crm: { sing: loud }\n`, 'scenario.yaml:7:14  unknown word "sing"'],
    [
      "a change of nobody",
      `${HEAD}  - say: x\n    do:\n      crm: { set: { a: 1 } }\n`,
      "scenario.yaml:7:7  must have property update when property set is present",
    ],
    ["an exit code that is text", `${HEAD}  - say: x\n    expect: { exit: bad }\n`, "scenario.yaml:6:15  must be integer"],
    [
      "a system named like a word of the format",
      "scenario: 1\ntitle: T\nsystems: { exit: { mock: crm } }\nstory: [{ say: x }]\n",
      "scenario.yaml:3:1",
    ],
    [
      "a mock that cannot be one",
      "scenario: 1\ntitle: T\nsystems: { crm: { mock: ERP! } }\nstory: [{ say: x }]\n",
      'scenario.yaml:3:19  must match pattern "^[a-z][a-z0-9-]*$"',
    ],
    ["a duplicate key", `${HEAD}  - say: x\n    say: y\n`, "scenario.yaml:6:5  Map keys must be unique"],
    ["text that is not YAML", "scenario: [1\n", "scenario.yaml:2:1"],
  ])("%s", (_what, text, expected) => {
    expect(problems(text).join("\n")).toContain(expected)
  })

  it("and a right one gives its steps with their lines", () => {
    const scenario = readScenario(
      `${HEAD}  - say: x\n    syncline: run  a.yaml\n  - say: y\n    expect: { crm: { ann: absent } }\n`,
      "scenario.yaml",
    )
    expect(scenario.story.map(({ line }) => line)).toEqual([5, 7])
    expect(scenario.story[0]?.syncline).toEqual(["run", "a.yaml"])
    expect(scenario.story[1]?.expect.items).toEqual([{ system: "crm", who: "ann", has: null }])
  })
})
