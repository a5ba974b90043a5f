// The stories of the mocks, told with manifests in place of the coded connectors: word for word the same.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { playScenario, transcript } from "@syncline/testkit/scenario"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const STORY_MS = 600_000
/** The shortest story that knows both systems; `SYNCLINE_TWINS=all` tells every one. */
const STORIES =
  process.env["SYNCLINE_TWINS"] === "all" ? ["01-crm-email", "02-one-way", "03-conflict-policies", "04-three-systems"] : ["02-one-way"]

test.each(STORIES)(
  "%s ends as it is told, also without code",
  async (name) => {
    const dir = mkdtempSync(join(tmpdir(), "syncline-twins-"))
    try {
      const folder = join(dir, name)
      cpSync(join(root, "examples", name), folder, { recursive: true })
      for (const mock of ["mock-crm", "mock-email"])
        cpSync(join(root, "connectors", mock, `${mock}.connector.yaml`), join(folder, `${mock}.connector.yaml`))
      const file = join(folder, "pipeline.yaml")
      const coded = readFileSync(file, "utf8")
      writeFileSync(file, coded.replace(/connector: (mock-\w+)/g, "connector: ./$1.connector.yaml"))
      expect(transcript(await playScenario(folder))).toBe(readFileSync(join(root, "examples", name, "expected.txt"), "utf8"))
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  },
  STORY_MS,
)
