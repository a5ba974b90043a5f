// What a member of a list is: as it is kept, and as the API shows it.
// Its id is derived from the address and changes with it; `contact_id` is the person, for good.
import { createHash } from "node:crypto"

export const statuses = ["subscribed", "unsubscribed", "cleaned", "pending", "archived"] as const
export type Status = (typeof statuses)[number]

export const isStatus = (value: unknown): value is Status => statuses.some((status) => status === value)

/** A member as kept. */
export interface Row {
  /** Order of joining; never changes. */
  readonly seq: number
  readonly list: string
  readonly id: string
  readonly contactId: string
  readonly address: string
  readonly status: Status
  readonly mergeFields: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  /** Epoch seconds: the platform knows nothing finer. */
  readonly lastChanged: number
}

/** A member as the API shows it. */
export interface Member {
  readonly id: string
  readonly contact_id?: string
  readonly email_address: string
  readonly status: Status
  readonly merge_fields: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly last_changed: string
}

export const idOf = (address: string): string => createHash("md5").update(address).digest("hex")

/** Opaque to callers, yet the same in every run of the same story. */
export const contactIdOf = (list: string, seq: number): string => createHash("sha256").update(`${list}/${seq}`).digest("hex").slice(0, 16)

export const isoSeconds = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`

/** `fields` are the list's merge fields: one that is not set reads as an empty text. */
export const show = (row: Row, fields: readonly string[], exposeContactId: boolean): Member => ({
  id: row.id,
  ...(exposeContactId ? { contact_id: row.contactId } : {}),
  email_address: row.address,
  status: row.status,
  merge_fields: { ...Object.fromEntries(fields.map((name) => [name, ""])), ...row.mergeFields },
  tags: row.tags,
  last_changed: isoSeconds(row.lastChanged),
})
