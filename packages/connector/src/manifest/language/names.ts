// Which names mean something in which place of a manifest.
import type { Vocabulary } from "../../language/index.ts"
import { FUNCTIONS } from "./functions.ts"

type Names = Vocabulary["names"]

const ELSEWHERE =
  "config parent paths cursor until limit page after res rec value values op ops items item index owner owners edge name ticket body headers query event raw url request signature timestamp".split(
    " ",
  )

const place = (names: Names): Vocabulary => ({
  names: { config: "map", ...names },
  elsewhere: ELSEWHERE,
  functions: FUNCTIONS,
  exact: true,
  advice: "split it, or write a function and name it with code",
})

const PAGING: Names = { page: "map", limit: "dyn", parent: "map", paths: "list" }
const ANSWER: Names = { res: "map", parent: "map" }
const OPERATION: Names = { op: "map", parent: "map", paths: "list" }
const BATCH: Names = { ops: "list", items: "list", parent: "map", paths: "list" }

/** By the part of a manifest where an expression stands. */
export const PLACES = {
  setting: place({}),
  condition: place({ res: "map", op: "map", item: "map" }),
  scanRequest: place(PAGING),
  deltaRequest: place({ ...PAGING, cursor: "dyn", until: "dyn" }),
  tiesRequest: place({ ...PAGING, cursor: "dyn", after: "dyn" }),
  scanAnswer: place({ ...ANSWER, page: "map", limit: "dyn" }),
  record: place({ ...ANSWER, rec: "map" }),
  lookupRequest: place({ paths: "list", value: "dyn", values: "list", parent: "map" }),
  lookupAnswer: place({ ...ANSWER, value: "dyn", values: "list" }),
  lookupRecord: place({ ...ANSWER, rec: "map", value: "dyn" }),
  wire: place(OPERATION),
  single: place(OPERATION),
  singleAnswer: place({ ...OPERATION, res: "map" }),
  batch: place(BATCH),
  batchAnswer: place({ ...BATCH, res: "map" }),
  element: place({ ...BATCH, res: "map", item: "map", index: "dyn" }),
  job: place({ ...BATCH, ticket: "dyn", res: "map" }),
  edgeRequest: place({ owner: "dyn", owners: "list", rec: "map", page: "map", limit: "dyn" }),
  edgeAnswer: place({ owner: "dyn", owners: "list", res: "map", page: "map" }),
  edgeElement: place({ owner: "dyn", owners: "list", res: "map", edge: "map" }),
  edgeWrite: place({ owner: "dyn", value: "dyn", values: "list", rec: "map", op: "map" }),
  namesRequest: place({ page: "map", limit: "dyn", name: "dyn" }),
  namesAnswer: place({ res: "map", page: "map", name: "dyn" }),
  namesElement: place({ res: "map", edge: "map" }),
  registration: place({ url: "dyn", id: "dyn" }),
  registrationAnswer: place({ res: "map" }),
  proof: place({ raw: "dyn", method: "dyn", url: "dyn", path: "dyn", headers: "map", query: "map", timestamp: "dyn" }),
  notice: place({ body: "map", headers: "map", query: "map" }),
  event: place({ body: "map", headers: "map", query: "map", event: "map" }),
  signature: place({ request: "map", timestamp: "dyn", timestampMs: "dyn", nonce: "dyn", signature: "dyn" }),
} as const satisfies Readonly<Record<string, Vocabulary>>
