// Files beside a pipeline can be read; nothing outside its folder can, by whatever way.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { fileReader } from "../../src/wire/reader.ts"
import { folder } from "../child.ts"

test("a file beside the pipeline is read, a link or a path that leads out is not", () => {
  const root = folder()
  mkdirSync(join(root, "inside"))
  writeFileSync(join(root, "secret.txt"), "outside")
  writeFileSync(join(root, "inside", "a.json"), "{}")
  symlinkSync(join(root, "secret.txt"), join(root, "inside", "link.txt"))
  symlinkSync(root, join(root, "inside", "up"))
  const read = fileReader(join(root, "inside"))
  expect(read("a.json")).toEqual({ ok: true, text: "{}" })
  for (const path of ["../secret.txt", "link.txt", "up/secret.txt", "/etc/passwd"])
    expect(read(path)).toEqual({ ok: false, why: "it lies outside the pipeline's folder" })
  expect(read("b.json")).toEqual({ ok: false, why: "there is no such file" })
  expect(read(".")).toMatchObject({ ok: false })
})
