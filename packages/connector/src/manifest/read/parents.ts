// The parents below which a resource is read: their ids, a page at a time, as a snapshot of theirs gives them.
import type { Page, PullRequest } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import type { Opened, ResourcePlan } from "../spec/index.ts"
import type { Standing } from "./cursor.ts"

/** Ids stand in the cursor: a page of them at a time. */
const PARENTS_PER_PAGE = 100

/** The same standing with a parent to read below, if there is one left. */
export async function withParents(
  opened: Opened,
  resource: string,
  standing: Standing,
  read: (plan: ResourcePlan, request: PullRequest) => Promise<Page>,
): Promise<Standing> {
  let parents = standing.parents ?? { ids: [], cursor: null, more: true }
  const plan = opened.manifest.resources.find((each) => each.name === resource)
  if (plan === undefined) throw new FaultError({ class: "invalid", message: `The manifest has no resource "${resource}".` })
  while (parents.ids.length === 0 && parents.more) {
    const page = await read(plan, { mode: plan.snapshot === null ? "delta" : "snapshot", cursor: parents.cursor, limit: PARENTS_PER_PAGE })
    const ids = page.changes.flatMap((change) => (change.kind === "upsert" ? [change.id] : []))
    parents = { ids, cursor: page.next, more: page.more }
  }
  return { ...standing, parents }
}
