// Salesforce's REST API, as far as contacts, leads and accounts go: SOQL with query locators, the recycle bin, collections of
// 200 with a result for each record, upserts by external id, tokens for clients and for signed assertions. State in memory.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { bearerOf, defineFake, reads, refused, type FakeAnswer, type FakeRequest, type PeopleItem } from "@syncline/testkit/fake"
import { problem } from "./problem.ts"
import { query, show, type Found } from "./query.ts"
import { createRecords, objectsIn, OBJECTS, type Records, type Result } from "./records.ts"

export const demoClient = "syncline-demo-client"
export const demoSecret = "syncline-demo-secret"

const VERSION = "v62.0"
const BASE = `/services/data/${VERSION}`
const MAX_COLLECTION = 200
const MIN_BATCH = 200
const MAX_BATCH = 2000
const TOKEN_MS = 2 * 60 * 60_000
const DAILY = 100_000

const resultOf = (result: Result): JsonObject =>
  "problem" in result
    ? { success: false, errors: [{ ...result.problem, fields: [...result.problem.fields] }] }
    : { id: result.id, success: true, errors: [], ...(result.created === undefined ? {} : { created: result.created }) }

const changes = (results: readonly Result[]): number => results.filter((result) => !("problem" in result)).length

export interface World extends Records {
  /** Every locator that was given out is too old now. */
  expireLocators(): void
}

export const fake = defineFake<World>({
  name: "salesforce",
  title: "Salesforce",
  credentials: { clientId: demoClient, clientSecret: demoSecret },
  build: ({ clock }) => {
    const records = createRecords(clock)
    const tokens = new Map<string, number>()
    const locators = new Map<string, { readonly found: Found; readonly at: number; readonly size: number }>()
    let calls = 0

    const page = (found: Found, at: number, size: number): FakeAnswer => {
      const end = at + size
      const done = end >= found.records.length
      const locator = `01g5g00000${locators.size.toString(36).padStart(5, "0")}-${end}`
      if (!done) locators.set(locator, { found, at: end, size })
      return {
        status: 200,
        body: {
          totalSize: found.records.length,
          done,
          ...(done ? {} : { nextRecordsUrl: `${BASE}/query/${locator}` }),
          records: found.records.slice(at, end).map((saved) => show(found.object, saved, found.fields, VERSION)),
        },
      }
    }
    const run =
      (withDeleted: boolean) =>
      (request: FakeRequest): FakeAnswer => {
        const header = /batchSize=(\d+)/.exec(String(request.headers["sforce-query-options"] ?? ""))?.[1]
        // the smallest and the largest that are taken
        const size = Math.min(Math.max(Number(header ?? MAX_BATCH), MIN_BATCH), MAX_BATCH)
        return page(query(records, request.query.get("q") ?? "", withDeleted), 0, size)
      }
    const recordsIn = (body: Json): readonly JsonObject[] => {
      const list = objectsIn(isObject(body) ? body["records"] : undefined)
      if (list.length > MAX_COLLECTION)
        throw refused(
          400,
          problem(400, "EXCEEDED_ID_LIMIT", `record limit reached. cannot submit more than ${MAX_COLLECTION} records in this request`).body,
        )
      return list
    }
    const typeIn = (record: JsonObject): string => {
      const attributes = record["attributes"]
      return isObject(attributes) && typeof attributes["type"] === "string" ? attributes["type"] : ""
    }
    const collection = (request: FakeRequest, write: (object: string, input: JsonObject, id: string) => Result): FakeAnswer => {
      const results = recordsIn(request.body).map((record) => {
        const { attributes: _, id, ...input } = record
        return write(typeIn(record), input, typeof id === "string" ? id : "")
      })
      return { status: 200, body: results.map(resultOf), changed: changes(results) }
    }
    return {
      world: { ...records, expireLocators: () => locators.clear() },
      routes: {
        "POST /services/oauth2/token": reads(({ body }) => {
          const form = isObject(body) ? body : {}
          if (form["client_id"] !== demoClient || form["client_secret"] !== demoSecret)
            return { status: 400, body: { error: "invalid_client", error_description: "invalid client credentials" } }
          const token = `00D5g000000demo!${tokens.size.toString(36).padStart(8, "0")}`
          tokens.set(token, clock.now() + TOKEN_MS)
          // without a word on how long it is good for
          return { status: 200, body: { access_token: token, token_type: "Bearer", scope: "api", issued_at: String(clock.now()) } }
        }),
        [`GET ${BASE}/limits`]: () => ({ status: 200, body: { DailyApiRequests: { Max: DAILY, Remaining: DAILY - calls } } }),
        [`GET ${BASE}/query`]: run(false),
        [`GET ${BASE}/queryAll`]: run(true),
        [`GET ${BASE}/query/:locator`]: ({ params }) => {
          const place = locators.get(params["locator"] ?? "")
          return place === undefined
            ? problem(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
            : page(place.found, place.at, place.size)
        },
        [`GET ${BASE}/sobjects/:object/deleted/`]: ({ params, query: asked }) => {
          const [start, end] = [Date.parse(asked.get("start") ?? ""), Date.parse(asked.get("end") ?? "")]
          if (Number.isNaN(start) || Number.isNaN(end) || end <= start)
            return problem(400, "INVALID_REPLICATION_DATE", "The end date must be at least one minute after the start date.")
          const deleted = records
            .all(params["object"] ?? "")
            .filter((saved) => saved.deletedAt !== null && Date.parse(saved.deletedAt) >= start && Date.parse(saved.deletedAt) < end)
          return {
            status: 200,
            body: {
              deletedRecords: deleted.map(({ id, deletedAt }) => ({ id, deletedDate: deletedAt ?? "" })),
              earliestDateAvailable: "2020-01-01T00:00:00.000+0000",
              latestDateCovered: `${new Date(Math.min(end, clock.now())).toISOString().slice(0, 19)}.000+0000`,
            },
          }
        },
        [`POST ${BASE}/composite/sobjects`]: (request) => collection(request, (object, input) => records.create(object, input)),
        [`PATCH ${BASE}/composite/sobjects`]: (request) => collection(request, (object, input, id) => records.update(object, id, input)),
        [`PATCH ${BASE}/composite/sobjects/:object/:field`]: (request) =>
          collection(request, (object, input) => records.upsert(object, request.params["field"] ?? "", input)),
        [`DELETE ${BASE}/composite/sobjects`]: ({ query: asked }) => {
          const results = (asked.get("ids") ?? "").split(",").map((id) => records.remove(records.typeOf(id) ?? "", id))
          return { status: 200, body: results.map(resultOf), changed: changes(results) }
        },
        [`POST ${BASE}/composite/sobjects/:object`]: reads(({ params, body }) => {
          const object = params["object"] ?? ""
          const asked = isObject(body) ? body : {}
          const names = Array.isArray(asked["fields"]) ? asked["fields"].map(String) : []
          const ids = Array.isArray(asked["ids"]) ? asked["ids"].map(String) : []
          return {
            status: 200,
            body: ids.map((id) => {
              const saved = records.get(object, id)
              return saved === undefined || saved.deleted ? null : show(object, saved, names, VERSION)
            }),
          }
        }),
      },
      gate: (request) => {
        if (request.path === "/services/oauth2/token") return undefined
        calls += 1
        const until = tokens.get(bearerOf(request) ?? "")
        return until !== undefined && until > clock.now() ? undefined : problem(401, "INVALID_SESSION_ID", "Session expired or invalid")
      },
      headers: () => ({ "sforce-limit-info": `api-usage=${calls}/${DAILY}` }),
      tooMany: () => problem(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
      notFound: () => problem(404, "NOT_FOUND", "The requested resource does not exist"),
      /** `{ Contact: [{ LastName, Email, SystemModstamp, … }], Account: […] }` */
      seed: (file) => {
        if (!isObject(file)) throw new Error("seed: an object with a list for each object")
        for (const [object, list] of Object.entries(file)) {
          if (OBJECTS[object] === undefined) throw new Error(`seed: there is no object ${object}`)
          for (const [at, one] of objectsIn(list).entries()) {
            const { SystemModstamp: modified, ...input } = one
            if (typeof modified !== "string") throw new Error(`seed: ${object}[${at}]: SystemModstamp is an ISO 8601 time`)
            const result = records.create(object, input, modified)
            if ("problem" in result) throw new Error(`seed: ${object}[${at}]: ${result.problem.message}`)
          }
        }
      },
      people: peopleOf(records),
    }
  },
})

const done = (result: Result): string => {
  if ("problem" in result) throw new Error(result.problem.message)
  return result.id
}

/** What the sales team does with contacts. */
function peopleOf(records: Records) {
  return {
    items: () =>
      records
        .all("Contact")
        .filter((saved) => !saved.deleted)
        .map((saved): PeopleItem => ({
          id: saved.id,
          names: [saved.id, String(saved.fields["Email"] ?? "")],
          counts: true,
          item: { Id: saved.id, ...saved.fields },
        })),
    create: (set: JsonObject) => done(records.create("Contact", set)),
    update: (id: string, set: JsonObject) => void done(records.update("Contact", id, set)),
    delete: (id: string) => void done(records.remove("Contact", id)),
  }
}
