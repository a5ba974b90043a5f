// A member as a request describes it, judged: addresses are trimmed, merge fields become texts, tags are cut at 100 characters.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { FakeAnswer } from "@syncline/testkit/fake"
import { MERGE_FIELDS, STATUSES, type Status } from "./member.ts"
import { problem, type FieldError } from "./problem.ts"

export interface Input {
  readonly address?: string
  readonly status?: Status
  readonly statusIfNew?: Status
  readonly mergeFields?: Readonly<Record<string, string>>
  readonly tags?: readonly string[]
  readonly language?: string
  readonly vip?: boolean
}

const MAX_MERGE = 255
const MAX_TAG = 100
const ADDRESS = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i

export type Accepted = { readonly input: Input } | { readonly refusal: FakeAnswer }

const invalid = (
  errors: readonly FieldError[],
  detail = "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
): Accepted => ({
  refusal: problem(400, "Invalid Resource", detail, errors),
})

const isStatus = (value: Json | undefined): value is Status => STATUSES.some((status) => status === value)

const mergeFieldsIn = (value: JsonObject): { readonly fields: Record<string, string>; readonly errors: readonly FieldError[] } => {
  const fields: Record<string, string> = {}
  const errors: FieldError[] = []
  for (const [name, given] of Object.entries(value)) {
    // a merge field that the audience does not have is dropped without a word
    if (!MERGE_FIELDS.some((known) => known === name)) continue
    const text = given === null ? "" : String(given).trim()
    if (text.length > MAX_MERGE) errors.push({ field: name, message: `Please limit to ${MAX_MERGE} characters.` })
    fields[name] = text
  }
  return { fields, errors }
}

/** `addressed`: the request names the member elsewhere, so an address is not needed. */
export const accept = (body: Json, addressed: boolean): Accepted => {
  if (!isObject(body)) return invalid([{ field: "", message: "Schema describes object, null found instead" }])
  const { email_address: email, status, status_if_new: ifNew, merge_fields: merge, tags, language, vip } = body
  const address = typeof email === "string" ? email.trim() : undefined
  if (email !== undefined && typeof email !== "string")
    return invalid([{ field: "email_address", message: "Schema describes string, another type found instead" }])
  if (address === undefined && !addressed) return invalid([{ field: "email_address", message: "This value should not be blank." }])
  if (address !== undefined && !ADDRESS.test(address)) {
    return { refusal: problem(400, "Invalid Resource", `${address} looks fake or invalid, please enter a real email address.`) }
  }
  if ((status !== undefined && !isStatus(status)) || status === "archived" || (ifNew !== undefined && !isStatus(ifNew))) {
    return invalid([
      { field: "status", message: `Data did not match any of these: ${STATUSES.filter((one) => one !== "archived").join(", ")}` },
    ])
  }
  const { fields, errors } = mergeFieldsIn(isObject(merge) ? merge : {})
  if (errors.length > 0) return invalid(errors, "Your merge fields were invalid.")
  return {
    input: {
      ...(address === undefined ? {} : { address }),
      ...(status === undefined ? {} : { status }),
      ...(ifNew === undefined ? {} : { statusIfNew: ifNew }),
      ...(merge === undefined ? {} : { mergeFields: fields }),
      ...(Array.isArray(tags)
        ? {
            tags: [
              ...new Set(
                tags.map((tag) =>
                  String(isObject(tag) ? tag["name"] : tag)
                    .trim()
                    .slice(0, MAX_TAG),
                ),
              ),
            ],
          }
        : {}),
      ...(typeof language === "string" ? { language } : {}),
      ...(typeof vip === "boolean" ? { vip } : {}),
    },
  }
}
