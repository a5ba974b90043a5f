// The fields a contact has at present. `/admin/schema` changes them, the way a CRM's owner does behind everybody's back.

export type FieldType = "string" | "number" | "boolean" | "object" | "list" | "any"

/** Top-level field -> its type. */
export type FieldRules = {
  readonly fields: Readonly<Record<string, FieldType>>
  /** Fields that were taken away; writing one is an error. */ readonly removed: readonly string[]
}

export const standardRules: FieldRules = {
  fields: {
    first_name: "string",
    last_name: "string",
    email: "string",
    phone: "string",
    account: "object",
    labels: "list",
    stage: "string",
    email_opt_out: "boolean",
  },
  removed: [],
}

/** Owned by the server. */
export const readOnlyFields: readonly string[] = ["id", "created_at", "updated_at", "revision", "field_times"]
