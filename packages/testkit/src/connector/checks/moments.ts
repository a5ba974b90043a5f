// Times and versions: the system's own, as declared, and moving forward.
import { type Check, must, show, Skip } from "../check.ts"
import { delta, edits, items, wire } from "../needs.ts"
import { editOutside, make, newEdit } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { leavesOf } from "../stand/paths.ts"
import { scan, severalPages, throughJson } from "../stand/scan.ts"
import type { Stand } from "../stand/stand.ts"
import { deltaOf, mustTell } from "./delta.ts"

const skew: Check = {
  name: "own-clock-means-nothing",
  area: "read",
  says: "a clock that is five minutes wrong, either way, loses no change; what it says of time is the system's",
  scope: "resource",
  needs: [delta, edits, items],
  run: async (stand) => {
    for (const skewMs of [5 * 60_000, -5 * 60_000]) {
      const connector = await stand.open({ skewMs })
      const [made] = await make(stand, 1)
      must(made !== undefined, "nothing was made")
      await lag(stand, "delta")
      const first = await scan(stand, connector, stand.spec.read.snapshot ? "snapshot" : "delta", null)
      const latest = await editOutside(stand, made)
      const { changes } = await deltaOf(stand, throughJson(first.last.next), connector)
      const words = `with a clock ${Math.abs(skewMs) / 60_000} minutes ${skewMs > 0 ? "fast" : "slow"}`
      mustTell(stand, changes, latest, `${words}, after an edit`)
      const dated = stand.session.wire?.log.findLast(({ answered }) => answered?.headers["date"] !== undefined)?.answered?.headers["date"]
      if (first.last.asOf !== undefined && dated !== undefined) {
        const apart = Math.abs(Date.parse(first.last.asOf) - Date.parse(dated))
        must(
          apart < 60_000,
          `${words} it says that the scan began ${Math.round(apart / 1000)} s from the system's time: asOf is ${first.last.asOf}`,
        )
      }
    }
  },
}

const asOf: Check = {
  name: "as-of-is-the-beginning",
  area: "read",
  says: "the time of a scan is the system's own at its beginning, on every page",
  scope: "resource",
  needs: [wire],
  run: async (stand) => {
    const { limit } = await severalPages(stand)
    const connector = await stand.open()
    const { pages } = await scan(stand, connector, stand.spec.read.snapshot ? "snapshot" : "delta", null, { limit })
    const told = pages.map((page) => page.asOf)
    if (told.every((time) => time === undefined)) throw new Skip("it does not say when a scan began")
    for (const time of told)
      must(time !== undefined && !Number.isNaN(Date.parse(time)), `a page says ${show(time)} for the time of its scan`)
    const latest = stand.wire.log.map(({ answered }) => Date.parse(answered?.headers["date"] ?? "")).filter((ms) => !Number.isNaN(ms))
    const last = Math.max(...latest)
    if (Number.isFinite(last))
      must(
        told.every((time) => Date.parse(time ?? "") <= last + 1500),
        "the time of a scan is later than the system's own answers",
      )
  },
}

const versions: Check = {
  name: "versions-move",
  area: "read",
  says: "an item's version and times are as declared, and an edit moves them forward",
  scope: "resource",
  needs: [edits, items],
  run: async (stand) => {
    const { spec } = stand
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    const { version } = made.change
    must(
      spec.version.kind === "none" || (typeof version === "string" && version !== ""),
      () => `it declares versions (${spec.version.kind}) and ${made.id} has ${show(version)}`,
    )
    const { at: time } = made.change
    must(time === undefined || ISO.test(time), `the time of ${made.id} is ${show(time)}, not an ISO 8601 instant`)
    const set = newEdit(stand)
    if ((spec.version.resolutionMs ?? 1) >= 1000 && (spec.version.resolutionMs ?? 1) <= 2000)
      await tick(stand, spec.version.resolutionMs ?? 1000)
    const latest = await editOutside(stand, made, set)
    const after = latest.change.version
    if (spec.version.kind !== "none") must(after !== version, `an edit leaves the version of ${made.id} at ${show(version)}`)
    if (spec.version.kind === "revision")
      must(
        /^\d+$/.test(after ?? "") && BigInt(after ?? "0") > BigInt(version ?? "0"),
        `revisions go from ${show(version)} to ${show(after)}: they are declared to be whole numbers that rise`,
      )
    if (spec.version.kind === "timestamp")
      must(Date.parse(after ?? "") >= Date.parse(version ?? ""), `times go from ${show(version)} back to ${show(after)}`)
    if (spec.version.perField !== true) return
    const paths = leavesOf(set).map(({ path }) => path)
    const times = latest.change.fieldTimes ?? {}
    for (const path of paths) {
      const own = fieldTime(times, path)
      must(own !== undefined && ISO.test(own), `it declares times per field, and says ${show(own)} for ${path}, which was edited`)
      must(
        own !== fieldTime(made.change.fieldTimes ?? {}, path) || (spec.version.resolutionMs ?? 1) > 1,
        `an edit leaves the time of ${path} as it was`,
      )
    }
    const untouched = leavesOf(made.set).find(({ path }) => !paths.some((one) => one.split(".")[0] === path.split(".")[0]))
    if (untouched !== undefined)
      must(
        fieldTime(times, untouched.path) === fieldTime(made.change.fieldTimes ?? {}, untouched.path),
        `an edit of ${paths.join(", ")} moves the time of ${untouched.path}`,
      )
  },
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/

/** A time may be that of an object around the field. */
const fieldTime = (times: Readonly<Record<string, string>>, path: string): string | undefined => {
  const parts = path.split(".")
  for (let length = parts.length; length > 0; length--) {
    const time = times[parts.slice(0, length).join(".")]
    if (time !== undefined) return time
  }
  return undefined
}

const tick = async (stand: Stand, ms: number): Promise<void> => {
  if (stand.session.time !== null) return stand.session.time.wait(ms)
  await new Promise((resolve) => setTimeout(resolve, ms))
}

export const momentChecks: readonly Check[] = [skew, asOf, versions]
