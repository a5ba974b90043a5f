// Every element of a list that comes in pages, in its order.
import type { CallOptions } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import type { Json } from "../../json.ts"
import { pageNames, pageOptions, turnPage, type PagePlace } from "../paginate/paging.ts"
import { resOf, send } from "../request/send.ts"
import type { NextSpec, Opened, RequestSpec, Scope, Value } from "../spec/index.ts"

/** Nobody belongs to more; a list without end is a mistake of the system or of the manifest. */
const MOST_PAGES = 1000
const PAGE_SIZE = 100

export interface PagedList {
  readonly request: RequestSpec
  readonly next: NextSpec
  readonly each: Value
}

export async function readAll(opened: Opened, list: PagedList, names: Scope, options: CallOptions): Promise<Json[]> {
  const all: Json[] = []
  let place: PagePlace | null = {}
  for (let pages = 0; place !== null; pages++) {
    if (pages >= MOST_PAGES)
      throw new FaultError({ class: "transient", message: `A list of the system has more than ${MOST_PAGES} pages.` })
    const scope: Scope = { ...names, config: opened.config, page: pageNames(list.next, place), limit: PAGE_SIZE }
    const answer = await send(opened, list.request, scope, { ...options, ...pageOptions(list.next, place), safe: true })
    const answered: Scope = { ...scope, res: resOf(answer) }
    const found = list.each.run(answered)
    const elements: readonly Json[] = Array.isArray(found) ? found : found === null ? [] : [found]
    all.push(...elements)
    place = turnPage(list.next, place, { answer, scope: answered, count: elements.length, last: elements.at(-1) ?? null })
  }
  return all
}
