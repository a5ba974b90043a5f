// The whole language: the top of a pipeline file. Parser and published JSON Schema both come from these shapes.
import type { JsonObject } from "../../model/value.ts"
import {
  anything,
  as,
  type Block,
  decimal,
  duration,
  exactly,
  list,
  object,
  optional,
  record,
  required,
  text,
  whole,
} from "@syncline/connector/language"
import { entity } from "./entity.ts"
import { NAME } from "./name.ts"
import { reviews } from "./reviews.ts"

const system = object("a system", "One configured connector.", {
  connector: required(
    text({ expects: "the name of a connector", examples: ["mock-crm", "./acme.connector.yaml"] }),
    "Which connector speaks to it: a package, a folder, or the path of a manifest.",
  ),
  config: optional(
    anything(
      "the connector's settings as a mapping",
      { type: "object", description: "Settings of the connector; ${NAME}, ${NAME:-default} and ${file:path} are replaced." },
      (node) => node.kind === "map",
    ),
    "Settings of the connector. ${NAME} and ${NAME:-default} take a value from the environment, ${file:path} from a file; $${ writes ${.",
  ),
})

const guard = object("a guard", "A delivery that would exceed both bounds stops and asks.", {
  max: optional(whole({ expects: "a whole number, 0 or more", min: 0 }), "So many are always allowed."),
  percent: optional(decimal({ expects: "a number from 0 to 100", min: 0, max: 100 }), "Or so many of the linked records, in percent."),
})

/** Five fields; their values are judged by whoever runs the schedule. */
const CRON = /^\S+(\s+\S+){4}$/

const fields = {
  version: required(exactly(1, "1"), "Version of this format: 1."),
  name: required(text(NAME), "Name of the pipeline; its store is named for it."),
  systems: required(record(system, { what: "systems", doc: "Name -> system.", key: NAME, min: 1 }), "The systems that are kept in step."),
  entities: required(record(entity, { what: "entities", doc: "Name -> entity.", key: NAME, min: 1 }), "What is kept in step."),
  guards: optional(
    object("guards", "How much one run may do without asking.", {
      delete: optional(guard, "Deletes; max 10 or 2 percent, unless said."),
      create: optional(guard, "Creates; unbounded, unless said."),
      update: optional(guard, "Updates; unbounded, unless said."),
    }),
    "How much one run may do without asking.",
  ),
  reviews: optional(reviews, "Questions that nobody answers: reminders, and what is decided in the end."),
  schedule: optional(
    object("schedule", "When a watching process looks.", {
      poll: optional(
        object("poll", "How often each system is asked for changes.", {
          every: optional(duration, "Between two looks; 30s, unless said."),
          idle: optional(duration, "The longest wait while nothing happens; 5m, unless said."),
        }),
        "How often each system is asked for changes.",
      ),
      verify: optional(
        text({ expects: 'five fields of a cron line, as "0 2 * * *"', pattern: CRON, examples: ["0 2 * * *"] }),
        "When to compare everything (cron).",
      ),
    }),
    "When a watching process looks.",
  ),
  retry: optional(
    as(list(duration, { expects: "a list of durations, as [0s, 5s, 1m]", min: 1 }), (found) => found.items),
    "Waits between attempts at a write that failed for the moment; the last repeats.",
  ),
} as const

export const pipeline = object("the pipeline", "A Syncline pipeline.", fields)
export interface PipelinePart extends Block<typeof fields> {}

/** The JSON Schema of a pipeline file, for editors. */
export function pipelineSchema(): JsonObject {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: "Syncline pipeline", ...pipeline.schema }
}
