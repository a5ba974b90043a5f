// Ids of what people know by name, as tags by their titles: read once per opened system, and again when a name is missing.
import type { CallOptions } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import type { Json } from "../../json.ts"
import { resOf, send } from "../request/send.ts"
import type { NamesSpec, Opened } from "../spec/index.ts"
import { readAll } from "./read-all.ts"

interface Table {
  readonly ids: Map<string, Json>
  /** One after the other, so that a name that several items need is made once. */
  last: Promise<unknown>
}

const known = new WeakMap<Opened, Map<NamesSpec, Table>>()

const tableOf = (opened: Opened, names: NamesSpec): Table => {
  const tables = known.get(opened) ?? new Map<NamesSpec, Table>()
  known.set(opened, tables)
  const table = tables.get(names) ?? { ids: new Map<string, Json>(), last: Promise.resolve() }
  tables.set(names, table)
  return table
}

/** Names are compared as people write them: without regard to case and outer blanks. */
const plain = (name: Json): string => String(name).trim().toLowerCase()

/** `make`: what is missing is made; else it is left out, for nothing can be linked to what does not exist. */
export const idsOfNames = (
  opened: Opened,
  spec: NamesSpec,
  values: readonly Json[],
  make: boolean,
  options: CallOptions,
): Promise<Json[]> => {
  const table = tableOf(opened, spec)
  const work = (): Promise<Json[]> => idsIn(opened, spec, table.ids, values, make, options)
  const turn = table.last.then(work, work)
  table.last = turn.catch(() => {})
  return turn
}

const idsIn = async (
  opened: Opened,
  spec: NamesSpec,
  table: Map<string, Json>,
  values: readonly Json[],
  make: boolean,
  options: CallOptions,
): Promise<Json[]> => {
  if (values.some((name) => !table.has(plain(name)))) {
    const scope = { config: opened.config }
    for (const edge of await readAll(opened, spec, scope, options))
      table.set(plain(spec.name.run({ ...scope, edge })), spec.id.run({ ...scope, edge }))
  }
  const ids: Json[] = []
  for (const name of values) {
    const id = table.get(plain(name)) ?? (make ? await create(opened, spec, name, options) : null)
    if (id === null) continue
    table.set(plain(name), id)
    ids.push(id)
  }
  return ids
}

const create = async (opened: Opened, spec: NamesSpec, name: Json, options: CallOptions): Promise<Json> => {
  if (spec.create === null)
    throw new FaultError({ class: "invalid", message: `The system knows nothing by the name ${JSON.stringify(name)}.` })
  const scope = { config: opened.config, name }
  const answer = await send(opened, spec.create.request, scope, options)
  const id = spec.create.id.run({ ...scope, res: resOf(answer) })
  if (id === null)
    throw new FaultError({ class: "unknown", message: `The system does not say under which id it made ${JSON.stringify(name)}.` })
  return id
}
