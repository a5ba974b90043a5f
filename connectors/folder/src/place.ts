// Where files may lie: below the pipeline's folder, also after every symbolic link was followed.
import { realpathSync } from "node:fs"
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import { FaultError } from "@syncline/connector"

const outside = (path: string): FaultError =>
  new FaultError({ class: "invalid", message: `${path} lies outside the pipeline's folder: files are read and written below it only` })

const within = (root: string, path: string): boolean => {
  const way = relative(root, path)
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`))
}

/** The real path of what is there, or of the nearest folder above it with the rest appended. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(real(above), relative(above, path))
  }
}

export function placeOf(root: string, folder: string, file: string): string {
  const shown = join(folder, file)
  const path = resolve(root, folder, file)
  if (isAbsolute(folder) || isAbsolute(file) || !within(resolve(root), path)) throw outside(shown)
  const truly = real(path)
  if (!within(real(resolve(root)), truly)) throw outside(shown)
  return truly
}
