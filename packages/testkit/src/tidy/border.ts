// The map of the house as data: which package may import which, and which room of the engine may import which.
// A row says who may be imported; whoever is not named may not.

/** Every package, by the folder it lives in. `connectors/*` stands for each of them. */
export const PACKAGES: Readonly<Record<string, { readonly may: readonly string[]; readonly why: string }>> = {
  "packages/connector": { may: [], why: "a connector author installs it alone, so it knows nothing of the rest" },
  "packages/core": { may: ["packages/connector"], why: "the engine knows connectors by their contract and nothing else of the world" },
  "packages/store": {
    may: ["packages/core/store", "packages/core/model"],
    why: "a store keeps the engine's nouns and knows none of its stages",
  },
  "packages/testkit": { may: ["packages/connector", "packages/core"], why: "suites talk to contracts; implementations hand themselves in" },
  "packages/cli": {
    may: ["packages/connector", "packages/core", "packages/store", "packages/testkit/connector", "connectors/*"],
    why: "the command line wires everything, and of what tests need it ships the conformance kit alone, for the authors of connectors",
  },
  "connectors/*": { may: ["packages/connector"], why: "a connector holds facts about one system and none about the engine" },
  examples: { may: ["packages/testkit"], why: "an example drives Syncline as a user does: by its files and its command" },
}

/** What a package's tests may import on top of its own row. */
export const TESTS_MAY: readonly string[] = ["packages/testkit", "packages/store", "packages/core", "packages/connector", "connectors/*"]

/** Front doors: the names by which a package is imported. */
export const packageOfName = (name: string): string | undefined => {
  const known: Readonly<Record<string, string>> = {
    "@syncline/connector": "packages/connector",
    "@syncline/core": "packages/core",
    "@syncline/store": "packages/store",
    "@syncline/testkit": "packages/testkit",
    "@syncline/cli": "packages/cli",
  }
  if (known[name] !== undefined) return known[name]
  return name.startsWith("@syncline/") ? `connectors/${name.slice("@syncline/".length)}` : undefined
}

export interface Room {
  /** Other rooms it may import at run time. */
  readonly may: readonly string[]
  /** No effects, no Node, no network, no clock: the same answer for the same arguments, always. */
  readonly pure: boolean
  readonly why: string
}

/** The rooms of `packages/core/src`, in the order in which a newcomer reads them. */
export const ROOMS: Readonly<Record<string, Room>> = {
  model: { pure: true, may: [], why: "the nouns depend on nobody" },
  pipeline: {
    pure: true,
    may: ["model", "integrate"],
    why: "text in, diagnostics and a compiled pipeline out; it lists the policies that integrate has",
  },
  integrate: { pure: true, may: ["model", "pipeline"], why: "a page in, changes out; the lenses come compiled, with the pipeline" },
  store: { pure: false, may: ["model"], why: "the port keeps nouns and knows no stage" },
  journal: { pure: false, may: ["model", "store"], why: "the account is kept of what others did" },
  session: {
    pure: false,
    may: ["model", "store", "integrate"],
    why: "what one pass carries along; every stage is handed it and it knows none",
  },
  pull: { pure: false, may: ["model", "store", "integrate", "journal", "session"], why: "reads systems, leaves judgement to integrate" },
  deliver: {
    pure: false,
    may: ["model", "store", "integrate", "journal", "session"],
    why: "writes what is owed; what comes back is integrated",
  },
  review: {
    pure: false,
    may: ["model", "store", "integrate", "journal", "session"],
    why: "answers of people are integrated like any edit",
  },
  verify: {
    pure: false,
    may: ["model", "store", "integrate", "journal", "session", "pull"],
    why: "reads and compares; what is wrong is marked, and put right by the stages",
  },
  undo: {
    pure: false,
    may: ["model", "store", "integrate", "journal", "session", "deliver"],
    why: "plans from the journal, and writes by the same intents as delivery",
  },
  forget: {
    pure: false,
    may: ["model", "store", "integrate", "session", "deliver"],
    why: "says what is to go, and deletes by the same intents as delivery",
  },
  run: {
    pure: false,
    may: ["model", "pipeline", "integrate", "store", "journal", "session", "pull", "deliver", "review", "verify", "undo", "forget"],
    why: "the only room that knows the order of the stages",
  },
}
