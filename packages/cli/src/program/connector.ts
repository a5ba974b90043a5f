// Declared here: the commands for authors of connectors: new, test, describe.
import type { JsonObject } from "@syncline/connector"
import { Option, type Command } from "commander"
import { declare, withOutput, type CommonOptions, type Run } from "./command.ts"
import { setting } from "./setting.ts"

const CONFIG = "--config <name=value>"

export function declareConnector(program: Command, run: Run): void {
  const connector = program.command("connector").summary("write a connector, and find out whether it is a good one").description("")
  connector.addHelpText(
    "before",
    "syncline connector: write a connector, and find out whether it is a good one\n\n  $ syncline connector new acme\n  $ syncline connector test ./acme\n  $ syncline connector describe ./acme\n",
  )

  withOutput(
    declare(connector, {
      name: "new",
      summary: "begin a connector: a folder that works at once",
      examples: ["acme", "acme --code", "acme --from-openapi openapi.yaml"],
      about:
        "It writes ./NAME: the connector, a stateful fake of its system, the conformance suite, a README. From an OpenAPI 3 document it takes schemas, paths, paging and credentials as far as they are there. What a person has to decide is marked DECIDE. Nothing is overwritten.",
    }),
  )
    .argument("<name>", "of the connector, and of its folder")
    .option("--manifest", "as a manifest, without code (the default)")
    .addOption(new Option("--code", "as TypeScript").conflicts("manifest"))
    .option("--from-openapi <file>", "an OpenAPI 3 document, JSON or YAML")
    .action((name: string, options: CommonOptions & { code?: boolean; fromOpenapi?: string }) =>
      run("connector new", options, async (screen) =>
        (await import("../command/connector-new.ts")).connectorNew(screen, name, {
          flavour: options.code === true ? "code" : "manifest",
          ...(options.fromOpenapi === undefined ? {} : { fromOpenapi: options.fromOpenapi }),
        }),
      ),
    )

  withOutput(
    declare(connector, {
      name: "test",
      summary: "try everything that can be known about a connector",
      examples: [
        "./acme",
        "./acme/acme.connector.yaml --only write",
        "./acme --only cursor-is-json --json",
        "./acme --config baseUrl=https://api.acme.test --config token=…",
      ],
      about:
        "PATH is a folder, a manifest or a module. Beside it, conformance.ts or conformance.yaml says how to start a fake (or where a real system is) and what a valid item looks like. A proxy between connector and system makes trouble. Exit codes: 0 all holds, 1 something fails, 2 it could not be tried.",
    }),
  )
    .argument("<path>", "the connector")
    .option(
      "--only <name>",
      "one check, or one area (describe, auth, read, deletes, write, limits); repeatable",
      (name: string, so: string[] = []) => [...so, name],
    )
    .option(CONFIG, "a setting of the connector; repeatable", setting)
    .action((path: string, options: CommonOptions & { only?: string[]; config?: JsonObject }) =>
      run("connector test", options, async (screen) =>
        (await import("../command/connector-test.ts")).connectorTest(screen, path, {
          only: options.only ?? [],
          config: options.config ?? {},
        }),
      ),
    )

  withOutput(
    declare(connector, {
      name: "describe",
      summary: "what a connector can do, and what it can promise",
      examples: ["mock-crm", "./acme/acme.connector.yaml"],
      about: "It makes no call. Settings that are not given are made up.",
    }),
  )
    .argument("<path>", "the connector: a folder, a manifest, a module, or the name of one that is installed")
    .option(CONFIG, "a setting of the connector; repeatable", setting)
    .action((path: string, options: CommonOptions & { config?: JsonObject }) =>
      run("connector describe", options, async (screen) =>
        (await import("../command/connector-describe.ts")).connectorDescribe(screen, path, { config: options.config ?? {} }),
      ),
    )
}
