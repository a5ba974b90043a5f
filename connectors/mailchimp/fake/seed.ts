// A seed: `{ members: [{ email_address, status, merge_fields, tags, last_changed }] }`, as old as `last_changed` says.
// `compliance: true`: it left or bounced by itself, and the API may not subscribe it.
import { isObject, type Json } from "@syncline/connector"
import { accept } from "./accept.ts"
import type { Audiences } from "./audiences.ts"

export const loadSeed = (audiences: Audiences, list: string, file: Json): void => {
  const members = isObject(file) ? file["members"] : undefined
  if (!Array.isArray(members)) throw new Error("seed: an object with a list of members")
  for (const [at, one] of members.entries()) {
    const place = `seed: members[${at}]`
    if (!isObject(one)) throw new Error(`${place}: an object`)
    const archived = one["status"] === "archived"
    const accepted = accept({ ...one, status: archived ? "unsubscribed" : (one["status"] ?? "subscribed") }, false)
    if (!("input" in accepted)) throw new Error(`${place}: ${JSON.stringify(accepted.refusal.body)}`)
    const changed = Date.parse(String(one["last_changed"]))
    if (Number.isNaN(changed)) throw new Error(`${place}: last_changed is an ISO 8601 time`)
    const { input } = accepted
    const seconds = Math.floor(changed / 1000)
    audiences.plant(list, {
      address: input.address ?? "",
      status: archived ? "archived" : (input.status ?? "subscribed"),
      compliance: one["compliance"] === true,
      mergeFields: input.mergeFields ?? {},
      tags: input.tags ?? [],
      language: input.language ?? "",
      vip: input.vip ?? false,
      joined: seconds,
      lastChanged: seconds,
    })
  }
}
