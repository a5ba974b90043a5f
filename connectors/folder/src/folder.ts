// The connector to a folder of files: reading, finding, wiring.
import { watch } from "node:fs"
import { basename, dirname } from "node:path"
import {
  FaultError,
  isObject,
  noHttp,
  type Change,
  type Connector,
  type ConnectorDefinition,
  type Cursor,
  type LookupAnswer,
  type Page,
  type PullRequest,
} from "@syncline/connector"
import { configSchema, settingsOf, type FileSettings } from "./config.ts"
import { describe, maxPage } from "./describe.ts"
import { load, versionOf, type Loaded } from "./file.ts"
import type { Row } from "./format/format.ts"
import { placeOf } from "./place.ts"
import { write } from "./write.ts"

interface File {
  readonly settings: FileSettings
  readonly path: string
  /** As it was at the beginning of the scan under way, so that its pages belong together. */
  scanned: Loaded | null
}

const upsert = (id: string, { item }: Row): Extract<Change, { kind: "upsert" }> => ({ kind: "upsert", id, item, version: versionOf(item) })

/** `sound`: all pages so far came from one and the same content. */
interface Position {
  readonly at: number
  readonly hash: string | null
  readonly sound: boolean
}

function positionOf(cursor: Cursor): Position | null {
  if (!isObject(cursor)) return null
  const { at, hash, sound } = cursor
  return typeof at === "number" && (hash === null || typeof hash === "string") ? { at, hash, sound: sound === true } : null
}

function pull(file: File, request: PullRequest): Page {
  const going = positionOf(request.cursor)
  if (going === null || file.scanned === null || file.scanned.hash !== going.hash) file.scanned = load(file.path, file.settings)
  const { rows, hash } = file.scanned
  const at = going?.at ?? 0
  // the file was written in the middle of a scan that another process began: rows may have moved past its place
  const sound = going === null || (going.sound && going.hash === hash)
  const limit = Math.max(1, Math.min(Math.trunc(request.limit), maxPage))
  const changes = [...rows].slice(at, at + limit).map(([id, row]) => upsert(id, row))
  const more = at + limit < rows.size
  if (!more) file.scanned = null
  // no position to follow changes from: the next pass reads everything again
  return { changes, next: more ? { at: at + limit, hash, sound } : null, more, complete: !more && sound, total: rows.size }
}

function lookup(file: File, by: string, values: readonly string[]): readonly LookupAnswer[] {
  const { rows } = load(file.path, file.settings)
  const { unique, file: shown } = file.settings
  if (by !== "id" && !unique.includes(by))
    throw new FaultError({ class: "invalid", message: `${shown} cannot be searched by ${JSON.stringify(by)}; name the column in "unique"` })
  const ids = new Map<string, string>()
  // the first of several, as they stand in the file
  if (by !== "id") for (const [id, { item }] of rows) if (!ids.has(String(item[by] ?? ""))) ids.set(String(item[by] ?? ""), id)
  return values.map((value) => {
    const id = by === "id" ? value : ids.get(value)
    const row = id === undefined ? undefined : rows.get(id)
    return row === undefined || id === undefined
      ? { fault: { class: "notFound", message: `${shown} has no row ${JSON.stringify(value)}` } }
      : { found: upsert(id, row) }
  })
}

export const folder: ConnectorDefinition = {
  name: "folder",
  configSchema,
  describe,
  http: () => noHttp,
  open: (config, { folder: root }): Connector => {
    const settings = settingsOf(config)
    const files = new Map<string, File>()
    const fileOf = (resource: string): File => {
      const known = files.get(resource)
      if (known !== undefined) return known
      const found = settings.files.get(resource)
      if (found === undefined)
        throw new FaultError({
          class: "invalid",
          message: `The configuration names no file ${JSON.stringify(resource)}; it has ${[...settings.files.keys()].join(", ")}`,
        })
      if (root === undefined) throw new FaultError({ class: "invalid", message: "The folder of the pipeline is not known" })
      const made: File = { settings: found, path: placeOf(root, settings.path, found.file), scanned: null }
      files.set(resource, made)
      return made
    }
    return {
      check: async () => {
        for (const resource of settings.files.keys()) {
          const { path, settings: own } = fileOf(resource)
          load(path, own)
        }
      },
      pull: async (resource, request) => {
        const file = fileOf(resource)
        if (request.mode === "delta") throw new FaultError({ class: "cursorExpired", message: "Files are read in full each time" })
        return pull(file, request)
      },
      lookup: async (resource, by, values) => lookup(fileOf(resource), by, values),
      push: async (resource, ops) => {
        const { path, settings: own } = fileOf(resource)
        if (own.readOnly) throw new FaultError({ class: "forbidden", message: `${own.file} is read-only in this pipeline` })
        return write(path, own, ops)
      },
      listen: async (resources, heard, { signal }) => {
        const names = new Map(resources.map((resource) => [basename(fileOf(resource).path), resource]))
        const folders = new Set(resources.map((resource) => dirname(fileOf(resource).path)))
        await Promise.all(
          [...folders].map(
            (path) =>
              new Promise<void>((resolve, reject) => {
                const watcher = watch(path, { signal }, (_event, name) => {
                  const resource = name === null ? undefined : names.get(name)
                  if (resource !== undefined) heard(resource)
                })
                watcher.on("error", reject)
                watcher.on("close", resolve)
              }),
          ),
        )
      },
    }
  },
}
