// Declared here: what waits for people: review and quarantine.
import { Option, type Command } from "commander"
import { declare, withStore, type CommonOptions, type Run } from "./command.ts"
import { age, wholeNumber } from "./number.ts"

interface Narrow extends CommonOptions {
  readonly kind?: string
  readonly field?: string
  readonly entity?: string
  readonly system?: string
  readonly olderThan?: number
}
export interface ResolveOptions extends Narrow {
  readonly take?: string
  readonly set?: string
  readonly record?: string
  readonly merge?: boolean
  readonly hash?: string
  readonly note?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}
export interface ReleaseOptions extends CommonOptions {
  readonly entity?: string
  readonly binding?: string
  readonly all?: boolean
  readonly yes?: boolean
}

export function declareDecide(program: Command, run: Run): void {
  declareReview(program, run)
  declareQuarantine(program, run)
}

function declareReview(program: Command, run: Run): void {
  const review = program.command("review").summary("questions that only a person can answer").description("")
  review.addHelpText(
    "before",
    "syncline review: questions that only a person can answer\n\n  $ syncline review list\n  $ syncline review show rev_3f\n  $ syncline review resolve rev_3f --take crm\n",
  )

  narrowed(
    withStore(
      declare(review, {
        name: "list",
        summary: "the open questions",
        examples: ["", "pipeline.yaml --field phone", "--system crm --older-than 7d", "--closed"],
      }),
    ),
  )
    .argument("[file]", "the pipeline")
    .option("--closed", "those that are settled, instead")
    .option("--limit <n>", "at most so many", wholeNumber(1, 100_000), 50)
    .action((file: string | undefined, options: Narrow & { closed?: boolean; limit: number }) =>
      run("review list", options, async (screen) =>
        (await import("../command/review-list.ts")).reviewList(screen, file, { ...options, closed: options.closed === true }),
      ),
    )

  withStore(declare(review, { name: "show", summary: "one question, side by side", examples: ["rev_3f", "pipeline.yaml rev_3f"] }))
    .usage("[options] [FILE] ID")
    .argument("<id...>", "the pipeline (optional), then the id or its beginning")
    .action((args: string[], options: CommonOptions) =>
      run("review show", options, async (screen) => (await import("../command/review-show.ts")).reviewShow(screen, args, options)),
    )

  narrowed(
    withStore(
      declare(review, {
        name: "resolve",
        summary: "answer one, or many",
        examples: [
          'rev_3f --take crm --note "she confirmed it"',
          "rev_3f --set phone=+14155550123",
          "--field phone --take newest --dry-run",
          "--system crm --older-than 7d --take crm",
          "rev_3f",
        ],
        about: "Without an answer it asks, on a terminal. The answer is kept at once; the next `syncline run` writes it.",
      }),
    ),
  )
    .usage("[options] [FILE] [ID]")
    .argument("[id...]", "the pipeline (optional), then the id or its beginning; none with a filter")
    .option("--take <side>", "a system's value; newest; or keep, delete, new, ignore, retry, as `review show` offers")
    .option("--set <value>", "another value: VALUE or FIELD=VALUE (JSON, else text)")
    .option("--record <id>", "the record that a duplicate or ambiguous item belongs to; with --merge, the one that survives")
    .option("--merge", "the records in question are one: links are re-pointed, nothing is deleted")
    .option("--hash <hash>", "only if what is disputed is still what had this hash")
    .option("--note <text>", "why, for the journal")
    .option("--dry-run", "show what would be answered and what stays open, and keep nothing")
    .option("-y, --yes", "do not ask before answering many")
    .action((args: string[], options: ResolveOptions) =>
      run("review resolve", options, async (screen) => (await import("../command/review-resolve.ts")).reviewResolve(screen, args, options)),
    )
}

function declareQuarantine(program: Command, run: Run): void {
  const quarantine = program.command("quarantine").summary("items that could not pass").description("")
  quarantine.addHelpText(
    "before",
    "syncline quarantine: items that could not pass, each with its reason\n\n  $ syncline quarantine list\n  $ syncline quarantine show q_9d\n  $ syncline quarantine retry q_9d\n",
  )

  withStore(
    declare(quarantine, { name: "list", summary: "all of them, with reasons", examples: ["", "pipeline.yaml --binding crm.contacts"] }),
  )
    .argument("[file]", "the pipeline")
    .option("--entity <name>", "only of this entity")
    .option("--binding <system.resource>", "only of this binding")
    .option("--limit <n>", "at most so many", wholeNumber(1, 100_000), 50)
    .action((file: string | undefined, options: ReleaseOptions & { limit: number }) =>
      run("quarantine list", options, async (screen) =>
        (await import("../command/quarantine-list.ts")).quarantineList(screen, file, options),
      ),
    )

  withStore(declare(quarantine, { name: "show", summary: "one of them, whole", examples: ["q_9d", "pipeline.yaml q_9d"] }))
    .usage("[options] [FILE] ID")
    .argument("<id...>", "the pipeline (optional), then the id or its beginning")
    .action((args: string[], options: CommonOptions) =>
      run("quarantine show", options, async (screen) =>
        (await import("../command/quarantine-list.ts")).quarantineShow(screen, args, options),
      ),
    )

  for (const [name, summary] of [
    ["retry", "let the next run try again"],
    ["drop", "leave the item as it is and forget the entry"],
  ] as const) {
    withStore(declare(quarantine, { name, summary, examples: ["q_9d", "--binding email.members", "--all"] }))
      .usage("[options] [FILE] [ID]")
      .argument("[id...]", "the pipeline (optional), then the id or its beginning")
      .option("--entity <name>", "all of this entity")
      .option("--binding <system.resource>", "all of this binding")
      .option("--all", "all of them")
      .option("-y, --yes", "do not ask before many")
      .action((args: string[], options: ReleaseOptions) =>
        run(`quarantine ${name}`, options, async (screen) =>
          (await import("../command/quarantine-release.ts")).quarantineRelease(screen, name, args, options),
        ),
      )
  }
}

const narrowed = (command: Command): Command =>
  command
    .addOption(
      new Option("--kind <kind>", "only this kind").choices([
        "conflict",
        "delete_vs_edit",
        "duplicate",
        "ambiguous",
        "unachievable",
        "unknown_write",
        "unique_clash",
      ]),
    )
    .option("--field <name>", "only about this field")
    .option("--entity <name>", "only of this entity")
    .option("--system <name>", "only where this system is a party")
    .option("--older-than <age>", "only those asked so long ago: 30m, 12h, 7d, 2w", age)
