// Whether one version of an item is older than another: only where the system's versions order.
import type { ResourceSpec } from "@syncline/connector"

/** `null`: they do not order, or one is missing. Equal timestamps are `null` too: within one tick anything may be. */
export function compareVersions(spec: ResourceSpec, a: string | null, b: string | null): "older" | "newer" | "same" | null {
  if (a === null || b === null) return null
  switch (spec.version.kind) {
    case "revision": {
      const left = BigInt(digits(a))
      const right = BigInt(digits(b))
      return left < right ? "older" : left > right ? "newer" : "same"
    }
    case "timestamp": {
      const left = Date.parse(a)
      const right = Date.parse(b)
      if (Number.isNaN(left) || Number.isNaN(right)) return null
      return left < right ? "older" : left > right ? "newer" : null
    }
    case "etag":
      return a === b ? "same" : null
    case "none":
      return null
  }
}

/** A time orders as long as its clock does, and clocks are set: what is older by one may be news, and a lookup can tell. */
export const mayBeNews = ({ version, read }: ResourceSpec): boolean => version.kind === "timestamp" && read.lookup !== undefined

const digits = (text: string): string => (/^\d+$/.test(text) ? text : "0")
