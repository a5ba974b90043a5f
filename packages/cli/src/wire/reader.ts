// Files that a pipeline names, read only inside the pipeline's own folder: neither `..` nor a symbolic link leads out.
import { readFileSync, realpathSync, statSync } from "node:fs"
import { isAbsolute, relative, resolve, sep } from "node:path"

export const MAX_FILE_BYTES = 4 * 1024 * 1024

export type FileRead = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string }

export function fileReader(folder: string): (path: string) => FileRead {
  const root = realpathSync(folder)
  return (path) => {
    try {
      const real = realpathSync(resolve(root, path))
      const inside = relative(root, real)
      if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))
        return { ok: false, why: "it lies outside the pipeline's folder" }
      const about = statSync(real)
      if (!about.isFile()) return { ok: false, why: "it is not a file" }
      if (about.size > MAX_FILE_BYTES) return { ok: false, why: `it is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB` }
      return { ok: true, text: readFileSync(real, "utf8") }
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined
      return {
        ok: false,
        why: code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : "it cannot be read",
      }
    }
  }
}
