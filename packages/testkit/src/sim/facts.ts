// What a simulated system says of a state beside the item itself: its version, and when it was edited.
import type { Version } from "./row.ts"
import type { SimSystem } from "./system.ts"

export interface Facts {
  readonly version?: string
  readonly at?: string
  readonly fieldTimes?: Readonly<Record<string, string>>
}

export function factsOf(system: SimSystem, version: Version): Facts {
  const { times } = system.shape
  const text = (at: number): string => new Date(system.time(at)).toISOString()
  const mark = versionOf(system, version)
  return {
    ...(mark === undefined ? {} : { version: mark }),
    ...(times === "none" ? {} : { at: text(version.dated ?? version.at) }),
    ...(times === "field" ? { fieldTimes: Object.fromEntries(Object.entries(version.fieldAt).map(([path, at]) => [path, text(at)])) } : {}),
  }
}

export function versionOf(system: SimSystem, version: Version): string | undefined {
  switch (system.shape.version) {
    case "revision":
      return String(version.seq)
    case "etag":
      return `"${version.seq.toString(36)}"`
    case "timestamp":
      return new Date(system.time(version.at)).toISOString()
    case "none":
      return undefined
  }
}
