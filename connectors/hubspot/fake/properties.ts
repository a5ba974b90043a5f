// What an object may hold, and what HubSpot does to a value that it is given: all values are texts, an address is lower-cased.
import type { Json, JsonObject } from "@syncline/connector"
import type { PropertyProblem } from "./answers.ts"

export type ObjectType = "contacts" | "companies"
export type Properties = Readonly<Record<string, string>>

export interface PropertyDefinition {
  readonly name: string
  readonly type: "string" | "number" | "bool" | "datetime" | "enumeration"
  readonly options?: readonly string[]
  /** Several options, with `;` between. */
  readonly multiple?: boolean
  readonly readOnly?: boolean
}

const text = (name: string): PropertyDefinition => ({ name, type: "string" })
const own = (name: string): PropertyDefinition => ({ name, type: "string", readOnly: true })

const LIFECYCLE = ["subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist", "other"]
const INDUSTRIES = ["COMPUTER_SOFTWARE", "RETAIL", "FOOD_BEVERAGES", "FURNITURE", "HIGHER_EDUCATION", "OTHER"]

const STANDARD: Readonly<Record<ObjectType, readonly PropertyDefinition[]>> = {
  contacts: [
    ...["email", "firstname", "lastname", "phone", "mobilephone", "company", "jobtitle", "website"].map(text),
    ...["address", "city", "state", "zip", "country"].map(text),
    { name: "lifecyclestage", type: "enumeration", options: LIFECYCLE },
    ...["hs_object_id", "createdate", "lastmodifieddate", "associatedcompanyid", "hs_merged_object_ids", "hs_additional_emails"].map(own),
  ],
  companies: [
    ...["name", "domain", "phone", "website", "address", "city", "state", "zip", "country", "description"].map(text),
    { name: "industry", type: "enumeration", options: INDUSTRIES },
    { name: "numberofemployees", type: "number" },
    ...["hs_object_id", "createdate", "hs_lastmodifieddate", "hs_merged_object_ids"].map(own),
  ],
}

/** Given back without being asked for. */
export const DEFAULTS: Readonly<Record<ObjectType, readonly string[]>> = {
  contacts: ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"],
  companies: ["createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"],
}

/** The one that changes with every edit: contacts and companies disagree about its name. */
export const modifiedProperty = (type: ObjectType): string => (type === "contacts" ? "lastmodifieddate" : "hs_lastmodifieddate")

export interface PropertyRules {
  define(type: ObjectType, definition: PropertyDefinition): void
  /** The values as they will stand, or what is wrong with them. An empty text or null clears. */
  accept(type: ObjectType, given: Json | undefined): { readonly values: Properties } | { readonly problems: readonly PropertyProblem[] }
}

const ADDRESS = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/

export const createPropertyRules = (): PropertyRules => {
  const definitions: Record<ObjectType, Map<string, PropertyDefinition>> = {
    contacts: new Map(STANDARD.contacts.map((one) => [one.name, one])),
    companies: new Map(STANDARD.companies.map((one) => [one.name, one])),
  }
  const problemOf = (type: ObjectType, name: string, value: string): PropertyProblem | null => {
    const definition = definitions[type].get(name)
    if (definition === undefined) return { name, error: "PROPERTY_DOESNT_EXIST", message: `Property "${name}" does not exist` }
    if (definition.readOnly === true)
      return { name, error: "READ_ONLY_VALUE", message: `"${name}" is a read only property; its value cannot be set.` }
    if (value === "") return null
    if (name === "email" && !ADDRESS.test(value)) return { name, error: "INVALID_EMAIL", message: `Email address ${value} is invalid` }
    const chosen = definition.multiple === true ? value.split(";").filter((one) => one !== "") : [value]
    const stranger = definition.options === undefined ? undefined : chosen.find((one) => definition.options?.includes(one) === false)
    if (stranger !== undefined) {
      const allowed = `[${definition.options?.join(", ") ?? ""}]`
      return { name, error: "INVALID_OPTION", message: `${stranger} was not one of the allowed options: ${allowed}` }
    }
    if (definition.type === "number" && Number.isNaN(Number(value)))
      return { name, error: "INVALID_INTEGER", message: `${value} was not a valid number.` }
    return null
  }
  return {
    define: (type, definition) => void definitions[type].set(definition.name, definition),
    accept(type, given) {
      if (typeof given !== "object" || given === null || Array.isArray(given)) {
        return { problems: [{ name: "properties", error: "INVALID_JSON", message: "properties is a mapping" }] }
      }
      // it is neither null nor a list
      const entries = Object.entries(given as JsonObject).map(([name, value]): [string, string] => [name, normalised(name, value)])
      const problems = entries.map(([name, value]) => problemOf(type, name, value)).filter((one) => one !== null)
      return problems.length > 0 ? { problems } : { values: Object.fromEntries(entries) }
    },
  }
}

const normalised = (name: string, value: Json): string => {
  const told = value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value)
  return name === "email" || name === "domain" ? told.trim().toLowerCase() : told
}
