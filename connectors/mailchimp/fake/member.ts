// A member of an audience, and how it shows in answers. Its id is made from its address, its `contact_id` stays.
import { createHash } from "node:crypto"
import type { JsonObject } from "@syncline/connector"

export const STATUSES = ["subscribed", "unsubscribed", "cleaned", "pending", "transactional", "archived"] as const
export type Status = (typeof STATUSES)[number]

export interface Member {
  readonly contactId: string
  readonly address: string
  readonly status: Status
  /** Why the API may not subscribe it: it left by itself, it bounced, or it was reported. */
  readonly compliance: boolean
  readonly mergeFields: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly language: string
  readonly vip: boolean
  /** Epoch s. */
  readonly joined: number
  readonly lastChanged: number
}

/** The merge fields of every audience here. */
export const MERGE_FIELDS = ["FNAME", "LNAME", "COMPANY", "PHONE", "CITY"] as const
const BLANK: Readonly<Record<string, string>> = Object.fromEntries(MERGE_FIELDS.map((name) => [name, ""]))

export const hashOf = (address: string): string => createHash("md5").update(address.toLowerCase()).digest("hex")

/** `2026-03-01T09:00:00+00:00` */
export const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "+00:00")

/** Tags have numbers of their own, the same in every answer. */
const tagId = (name: string): number => Number.parseInt(createHash("md5").update(name).digest("hex").slice(0, 6), 16)

export const show = (list: string, member: Member): JsonObject => ({
  id: hashOf(member.address),
  email_address: member.address,
  unique_email_id: member.contactId.slice(0, 10),
  contact_id: member.contactId,
  full_name: [member.mergeFields["FNAME"], member.mergeFields["LNAME"]].filter((part) => part !== undefined && part !== "").join(" "),
  web_id: Number.parseInt(member.contactId.slice(0, 7), 16),
  email_type: "html",
  status: member.status,
  // every merge field of the audience, blank or not
  merge_fields: { ...BLANK, ...member.mergeFields },
  language: member.language,
  vip: member.vip,
  timestamp_opt: timeText(member.joined),
  last_changed: timeText(member.lastChanged),
  list_id: list,
  tags_count: member.tags.length,
  tags: member.tags.map((name) => ({ id: tagId(name), name })),
})
