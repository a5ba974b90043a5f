// One record of an answer -> a change. The scope is the page's, made once: only `rec` in it changes from record to record.
import type { Change } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import { isObject, type Json } from "../../json.ts"
import type { RecordSpec, Scope } from "../spec/index.ts"
import { instantOf } from "./instant.ts"

type Times = Readonly<Record<string, string>>

/** `scope` holds `rec` already. */
export function changeOf(record: RecordSpec, scope: Scope): Change {
  const id = idOf(record.id.run(scope))
  if (id === null) throw new FaultError({ class: "invalid", message: `A record of the system has no id (${record.id.source}).` })
  const at = record.at === null ? undefined : instantOf(record.at.run(scope))
  const version = record.version === null ? null : idOf(record.version.run(scope))
  const secondary = record.secondary === null ? null : idOf(record.secondary.run(scope))
  const fieldTimes = record.times === null ? null : timesOf(record.times.run(scope))
  const about = {
    ...(at === undefined ? {} : { at }),
    ...(version === null ? {} : { version }),
    ...(secondary === null ? {} : { secondary }),
    ...(fieldTimes === null ? {} : { fieldTimes }),
  }
  const into = record.into === null ? null : idOf(record.into.run(scope))
  if (into !== null && into !== id) return { ...about, kind: "merge", id, into }
  if (record.deleted?.run(scope) === true) return { ...about, kind: "delete", id, soft: record.soft?.run(scope) === true }
  const was = record.was === null ? null : idOf(record.was.run(scope))
  if (was !== null && was !== id) return { ...about, kind: "rekey", id, was }
  const item = record.item.run(scope)
  if (!isObject(item)) throw new FaultError({ class: "invalid", message: `A record of the system is no object (${record.item.source}).` })
  return { ...about, kind: "upsert", id, item }
}

/** Ids and versions are texts, always. */
export const idOf = (value: Json): string | null =>
  typeof value === "string" ? (value === "" ? null : value) : typeof value === "number" ? String(value) : null

function timesOf(value: Json): Times | null {
  const pairs: [string, string][] = []
  const add = (path: string, at: Json | undefined): void => {
    const instant = instantOf(at)
    if (instant !== undefined) pairs.push([path, instant])
  }
  if (Array.isArray(value)) {
    for (const each of value) if (isObject(each) && typeof each["path"] === "string") add(each["path"], each["at"])
  } else if (isObject(value)) for (const path of Object.keys(value)) add(path, value[path])
  return pairs.length === 0 ? null : Object.fromEntries(pairs)
}
