// Batches of 100. Reads, creates and upserts succeed in part (207), creates and updates by `objectWriteTraceId`; an update
// with a value that is not valid is refused as a whole, and so is a create whose inputs carry no trace id.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { reads, refused, type FakeRequest, type Routes } from "@syncline/testkit/fake"
import { badRequest, batchAnswer, batchError, invalidProperties } from "./answers.ts"
import { typeOf, type Crm, type ObjectRow, type Refusal, type Written } from "./crm.ts"
import type { ObjectType } from "./properties.ts"

const MAX_INPUTS = 100

const NAMES: Readonly<Record<ObjectType, string>> = { contacts: "CONTACT", companies: "COMPANY" }

const inputsOf = ({ body }: FakeRequest): readonly JsonObject[] => {
  const inputs = isObject(body) ? body["inputs"] : undefined
  if (!Array.isArray(inputs)) throw badRequest("Invalid input JSON: inputs is needed")
  if (inputs.length > MAX_INPUTS) throw badRequest(`The maximum number of inputs supported in a batch request is ${MAX_INPUTS}.`)
  return inputs.filter(isObject)
}

const traceOf = (input: JsonObject): string | undefined =>
  typeof input["objectWriteTraceId"] === "string" ? input["objectWriteTraceId"] : undefined

const traced = (input: JsonObject): JsonObject => {
  const trace = traceOf(input)
  return trace === undefined ? {} : { objectWriteTraceId: trace }
}

const missing = (type: ObjectType, ids: readonly string[], context: JsonObject = {}): JsonObject =>
  batchError("OBJECT_NOT_FOUND", `Could not get some ${NAMES[type]} objects, they may be deleted or not exist. Check that ids are valid.`, {
    ids,
    ...context,
  })

export const batchRoutes = (crm: Crm): Routes => {
  const shown = (type: ObjectType, row: ObjectRow, input: JsonObject): Json => {
    const given = isObject(input["properties"]) ? Object.keys(input["properties"]) : []
    return { ...crm.show(type, row, given), ...traced(input) }
  }
  const failed = (input: JsonObject, refusal: Refusal): JsonObject => {
    const trace = traceOf(input)
    return batchError(
      String(refusal.body["category"]),
      String(refusal.body["message"]),
      trace === undefined ? {} : { objectWriteTraceId: [trace] },
    )
  }
  const counted = (written: readonly Written[]): number => written.filter((one) => "row" in one && one.changed).length

  return {
    "POST /crm/v3/objects/:type/batch/read": reads((request) => {
      const type = typeOf(request.params["type"])
      const inputs = inputsOf(request)
      const { properties, idProperty } = isObject(request.body) ? request.body : {}
      const asked = Array.isArray(properties) ? properties.map(String) : []
      const found = new Map<string, ObjectRow>()
      const lost: string[] = []
      for (const input of inputs) {
        const id = String(input["id"])
        const row = idProperty === "email" ? crm.byEmail(id) : crm.find(type, id)
        if (row === undefined) lost.push(id)
        else found.set(row.id, row)
      }
      // whoever is asked for twice, or by two of its ids, is there once
      const results = [...found.values()].map((row) => crm.show(type, row, asked))
      return batchAnswer(results, lost.length > 0 ? [missing(type, lost)] : [], crm.iso(), 200, 0)
    }),

    "POST /crm/v3/objects/:type/batch/create": (request) => {
      const type = typeOf(request.params["type"])
      const inputs = inputsOf(request)
      const partial = inputs.every((input) => traceOf(input) !== undefined)
      if (!partial) refuseWhole(crm, type, inputs)
      const written = inputs.map((input) => crm.create(type, input["properties"]))
      const results = written.flatMap((one, at) => ("row" in one ? [shown(type, one.row, inputs[at] ?? {})] : []))
      const errors = written.flatMap((one, at) => ("row" in one ? [] : [failed(inputs[at] ?? {}, one)]))
      return batchAnswer(results, errors, crm.iso(), 201, counted(written))
    },

    "POST /crm/v3/objects/:type/batch/update": (request) => {
      const type = typeOf(request.params["type"])
      const inputs = inputsOf(request)
      for (const input of inputs) {
        const accepted = crm.rules.accept(type, input["properties"])
        if ("problems" in accepted) throw refused(400, invalidProperties(accepted.problems))
      }
      const byEmail = (input: JsonObject): string => crm.byEmail(String(input["id"]))?.id ?? ""
      const written = inputs.map((input) =>
        crm.update(type, input["idProperty"] === "email" ? byEmail(input) : String(input["id"]), input["properties"]),
      )
      const taken = written.find((one) => "body" in one && one.status === 409)
      if (taken !== undefined && "body" in taken && inputs.length === 1) throw refused(taken.status, taken.body)
      const results = written.flatMap((one, at) => ("row" in one ? [shown(type, one.row, inputs[at] ?? {})] : []))
      const errors = written.flatMap((one, at) => {
        if ("row" in one) return []
        const input = inputs[at] ?? {}
        if (one.status !== 404) return [failed(input, one)]
        const trace = traceOf(input)
        return [missing(type, [String(input["id"])], trace === undefined ? {} : { objectWriteTraceId: [trace] })]
      })
      return batchAnswer(results, errors, crm.iso(), 200, counted(written))
    },

    "POST /crm/v3/objects/:type/batch/upsert": (request) => {
      const type = typeOf(request.params["type"])
      const inputs = inputsOf(request)
      if (type !== "contacts" || inputs.some((input) => input["idProperty"] !== "email"))
        throw badRequest("idProperty has to be a unique property")
      const written = inputs.map((input): Written => {
        const id = String(input["id"])
        const there = crm.byEmail(id)
        const properties = isObject(input["properties"]) ? input["properties"] : {}
        return there === undefined ? crm.create(type, { email: id, ...properties }) : crm.update(type, there.id, properties)
      })
      const results = written.flatMap((one, at) =>
        "row" in one ? [{ ...objectIn(shown(type, one.row, inputs[at] ?? {})), new: one.created }] : [],
      )
      const errors = written.flatMap((one, at) => ("row" in one ? [] : [failed(inputs[at] ?? {}, one)]))
      return batchAnswer(results, errors, crm.iso(), 200, counted(written))
    },

    "POST /crm/v3/objects/:type/batch/archive": (request) => {
      const type = typeOf(request.params["type"])
      const archived = inputsOf(request).filter((input) => crm.archive(type, String(input["id"])))
      return { status: 204, changed: archived.length }
    },
  }
}

const objectIn = (value: Json): JsonObject => (isObject(value) ? value : {})

/** Without trace ids the first input that cannot be created refuses all of them, before any is made. */
const refuseWhole = (crm: Crm, type: ObjectType, inputs: readonly JsonObject[]): void => {
  for (const input of inputs) {
    const accepted = crm.rules.accept(type, input["properties"] ?? {})
    if ("problems" in accepted) throw refused(400, invalidProperties(accepted.problems))
    const holder = type === "contacts" ? crm.byEmail(accepted.values["email"] ?? "") : undefined
    if (holder !== undefined && accepted.values["email"] !== undefined)
      throw refused(409, { status: "error", message: `Contact already exists. Existing ID: ${holder.id}`, category: "CONFLICT" })
  }
}
