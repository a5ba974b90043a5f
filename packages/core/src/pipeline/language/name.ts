// What names look like: of systems, entities, fields, resources, and the paths of remote items.
import { text } from "@syncline/connector/language"

export const NAME = { pattern: /^[A-Za-z][A-Za-z0-9_-]{0,63}$/, expects: "a name: letters, digits, - and _, first a letter" }
/** Names that every JavaScript object has already would be found in records that lack them. */
const TAKEN = ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"]
export const FIELD = {
  pattern: new RegExp(`^(?!(${TAKEN.join("|")})$)[A-Za-z][A-Za-z0-9_]{0,63}$`),
  expects: "a field name: letters, digits and _, first a letter (toString and the like are taken)",
}
export const RESOURCE = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]{0,63}\.[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  expects: "system.resource, as crm.contacts",
}
export const PATH = {
  pattern: /^(?!.*__proto__)[^\s.]+(\.[^\s.]+){0,9}$/,
  expects: "a path in the system's items, as email or account.name",
}

export const systemName = text({ ...NAME, expects: "the name of a system" })
export const fieldName = text({ ...FIELD, expects: "the name of a field" })
export const remotePath = text({ ...PATH, examples: ["email", "account.name"] })
export const expression = (expects: string, example: string) => text({ expects, examples: [example] })
