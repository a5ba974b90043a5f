// The merge fields that a list is set up with. Other names may be written too and are then kept as given;
// a removed field is refused and no longer shown, a required one may not be blank.

export interface MergeSchema {
  readonly fields: readonly string[]
  readonly removed: readonly string[]
  readonly required: readonly string[]
}

export const standardFields = ["FNAME", "LNAME", "COMPANY", "PHONE"] as const

export const defaultSchema: MergeSchema = { fields: standardFields, removed: [], required: [] }

/** Fields whose values are trimmed; all others are kept as given. */
export const trimmedFields: ReadonlySet<string> = new Set(standardFields)

export const isFieldName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,49}$/.test(name)

export interface SchemaChange {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
  readonly required?: readonly string[]
}

export const changeSchema = (schema: MergeSchema, change: SchemaChange): MergeSchema => {
  const added = new Set(change.add)
  const removed = new Set(change.remove)
  return {
    fields: [...new Set([...schema.fields, ...added])].filter((name) => !removed.has(name)),
    removed: [...new Set([...schema.removed.filter((name) => !added.has(name)), ...removed])],
    required: [...(change.required ?? schema.required)].filter((name) => !removed.has(name)),
  }
}
