// Up to 500 members in one call. Each is known by its address; errors name it, and nothing else.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { Refused, type Routes } from "@syncline/testkit/fake"
import { accept } from "./accept.ts"
import type { Audiences, Written } from "./audiences.ts"
import { audienceOf } from "./member-routes.ts"
import { show } from "./member.ts"
import { problem } from "./problem.ts"

const MAX_MEMBERS = 500

const addressOf = (item: Json): string => (isObject(item) && typeof item["email_address"] === "string" ? item["email_address"] : "")

/** Errors of a batch have two codes only. */
const errorOf = (item: Json, written: Extract<Written, { refusal: unknown }>): JsonObject => {
  const body = isObject(written.refusal.body) ? written.refusal.body : {}
  const first = Array.isArray(body["errors"]) && isObject(body["errors"][0]) ? body["errors"][0] : {}
  const exists = body["title"] === "Member Exists"
  const detail = String(body["detail"] ?? "")
  return {
    email_address: addressOf(item),
    error: exists
      ? `${addressOf(item)} is already a list member, do you want to update? please provide update_existing:true in the request body`
      : detail,
    error_code: exists ? "ERROR_CONTACT_EXISTS" : "ERROR_GENERIC",
    field: String(first["field"] ?? ""),
    field_message: String(first["message"] ?? ""),
  }
}

export const batchRoutes = (audiences: Audiences): Routes => ({
  "POST /3.0/lists/:list": (request) => {
    const audience = audienceOf(audiences, request)
    const body = isObject(request.body) ? request.body : {}
    const items = body["members"]
    if (!Array.isArray(items) || items.length > MAX_MEMBERS) {
      throw new Refused(
        problem(400, "Invalid Resource", "The resource submitted could not be validated.", [
          { field: "members", message: `members is a list of at most ${MAX_MEMBERS}` },
        ]),
      )
    }
    const write = (item: Json): Written => {
      const accepted = accept(item, false)
      if ("refusal" in accepted) return accepted
      const there = audience.find(accepted.input.address ?? "")
      if (body["update_existing"] !== true || there === undefined) return audiences.add(audience.id, accepted.input)
      const tags =
        accepted.input.tags === undefined || body["sync_tags"] === true
          ? accepted.input.tags
          : [...new Set([...there.tags, ...accepted.input.tags])]
      return audiences.update(audience.id, there, { ...accepted.input, ...(tags === undefined ? {} : { tags }) })
    }
    const created: JsonObject[] = []
    const updated: JsonObject[] = []
    const errors: JsonObject[] = []
    const seen = new Set<string>()
    let changed = 0
    for (const item of items) {
      const address = addressOf(item).trim().toLowerCase()
      if (seen.has(address) && address !== "") {
        errors.push({
          email_address: addressOf(item),
          error: "Duplicate items found in a batch sub/unsub request",
          error_code: "ERROR_GENERIC",
          field: "",
          field_message: "",
        })
        continue
      }
      seen.add(address)
      const written = write(item)
      if ("refusal" in written) errors.push(errorOf(item, written))
      else {
        if (written.changed) changed += 1
        ;(written.created ? created : updated).push(show(audience.id, written.member))
      }
    }
    return {
      status: 200,
      changed,
      body: {
        new_members: created,
        updated_members: updated,
        errors,
        total_created: created.length,
        total_updated: updated.length,
        error_count: errors.length,
      },
    }
  },
})
