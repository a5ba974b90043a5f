// Writes that get no proper answer: what may have happened is unknown, what cannot have happened is failed, nothing is
// sent twice by the connector itself.
import type { Op, Outcome } from "@syncline/connector"
import { FaultError } from "@syncline/connector"
import { type Check, Failure, must, show, Skip } from "../check.ts"
import { items, wire, writes } from "../needs.ts"
import { again, createOp, inOrder, make, newEdit, opOn, see, type Made } from "../stand/items.ts"
import { at, leavesOf, same } from "../stand/paths.ts"
import type { Stand } from "../stand/stand.ts"
import type { Subject } from "../stand/subject.ts"
import { answer, type Deed } from "../wire/exchange.ts"
import { mustRead } from "./writes.ts"

interface Tried {
  readonly ops: readonly Op[]
  readonly made: readonly Made[]
}

/** Up to two operations of each kind that the connector has. */
const attempts = (stand: Stand): readonly (readonly [kind: "create" | "update" | "delete", prepare: () => Promise<Tried>])[] => {
  const { spec, conduct } = stand
  const count = (kind: "create" | "update" | "delete"): number => Math.min(2, spec.write[kind]?.max ?? 0)
  return [
    ["create", async () => ({ ops: Array.from({ length: count("create") }, () => createOp(stand)), made: [] })],
    [
      "update",
      async () => {
        const made = await make(stand, count("update"))
        return { ops: made.map((each) => opOn(stand, "update", each, newEdit(stand))), made }
      },
    ],
    [
      "delete",
      async () => {
        const made = await make(stand, count("delete"))
        return { ops: made.map((each) => opOn(stand, "delete", each)), made }
      },
    ],
  ].filter(([kind]) => spec.write[kind as "create"] !== undefined && (kind !== "update" || conduct.edit !== undefined)) as never
}

const push = async (stand: Stand, connector: Subject, ops: readonly Op[]): Promise<readonly Outcome[] | FaultError> => {
  try {
    return inOrder(ops, await connector.push(stand.resource, ops))
  } catch (error) {
    if (error instanceof FaultError) return error
    if (error instanceof Failure) throw error
    throw new Failure(
      `a push ends in ${error instanceof Error ? `${error.name}: ${error.message}` : show(error)}, not in outcomes or a fault`,
    )
  }
}

const sayResult = (result: readonly Outcome[] | FaultError): string =>
  result instanceof FaultError
    ? `a rejection ("${result.fault.class}", ${result.fault.message}), which says that nothing can have been applied`
    : result.map((outcome) => (outcome.status === "applied" ? "applied" : `${outcome.status} ("${outcome.fault.class}")`)).join(", ")

const CUT = "cut in the middle"

const LOST: readonly (readonly [what: string, deed: Deed])[] = [
  ["whose answer was lost", { do: "swallow" }],
  [
    "whose answer is cut in the middle",
    {
      do: "change",
      says: CUT,
      with: (whole) => ({
        ...whole,
        body: whole.body === "" ? whole.body : whole.body.slice(0, Math.max(1, Math.floor(whole.body.length / 2))),
      }),
    },
  ],
  ["that was carried out and answered 500", { do: "change", says: "the status became 500", with: () => failed(500) }],
  [
    "that was carried out and answered 502",
    {
      do: "change",
      says: "the status became 502, a gateway's page",
      with: () => ({ status: 502, headers: { "content-type": "text/html" }, body: "<html><body>Bad gateway</body></html>" }),
    },
  ],
  ["that was carried out and answered 504", { do: "change", says: "the status became 504", with: () => failed(504) }],
  [
    "that was carried out and answered by a login page",
    {
      do: "change",
      says: "it became a web page",
      with: () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<html><body>Sign in</body></html>" }),
    },
  ],
]

const failed = (status: number) => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message: "something went wrong on the way back" }),
})

const noAnswer: Check = {
  name: "no-answer-is-unknown",
  area: "write",
  says: "a write that may have been carried out and has no usable answer is unknown, neither applied nor failed nor sent again",
  scope: "resource",
  needs: [wire, writes("create")],
  run: async (stand) => {
    for (const [kind, prepare] of attempts(stand)) {
      for (const [what, deed] of LOST) await tryLost(stand, `a ${kind} ${what}`, await prepare(), deed, {})
      // A timeout takes time, so one is enough.
      if (kind === "create")
        await tryLost(stand, `a ${kind} that was not answered in time`, await prepare(), { do: "hang" }, { timeoutMs: 700 })
    }
  },
}

const tryLost = async (stand: Stand, what: string, { ops }: Tried, deed: Deed, options: { readonly timeoutMs?: number }): Promise<void> => {
  const { wire: line } = stand
  const connector = await stand.open({ patient: true, ...options })
  let sent = 0
  // The same request again, and not the next step of a write that takes several.
  const bodies: string[] = []
  line.rule(({ purpose, method, path, body }) => {
    if (purpose !== "write") return null
    bodies.push(`${method} ${path} ${body}`)
    sent++
    return deed
  })
  const result = await push(stand, connector, ops)
  line.rule(null)
  if (sent === 0) throw new Skip("its writes cannot be told from its reads on the wire")
  // An answer without a body, as a 204 is, has no middle.
  const last = line.log.findLast(({ asked }) => asked.purpose === "write")
  if (deed.do === "change" && deed.says === CUT && last?.answered?.body === "") return
  const twice = bodies.find((text, index) => bodies.indexOf(text) !== index)
  must(twice === undefined, () => `${what} was sent again by the connector: ${twice?.slice(0, 200)}`)
  const unknown =
    !(result instanceof FaultError) && result.every(({ status }) => status === "unknown" || (status === "applied" && readAfter(stand, ops)))
  must(unknown, () => `${what} is ${sayResult(result)}; it is not known`)
}

/** Applied is the truth, where the connector went and looked. */
const readAfter = ({ wire: line }: Stand, _ops: readonly Op[]): boolean => {
  const lastWrite = line.log.findLastIndex(({ asked }) => asked.purpose === "write")
  return line.log.slice(lastWrite + 1).some(({ asked, answered }) => asked.purpose === "read" && answered !== null && answered.status < 300)
}

const repeated: Check = {
  name: "lost-create-is-not-doubled",
  area: "write",
  says: "a create whose answer was lost and that is sent again with its key makes one item",
  scope: "resource",
  needs: [wire, writes("create")],
  run: async (stand) => {
    const { wire: line, resource, spec } = stand
    const how = spec.write.create?.idempotent
    if (how === "none") throw new Skip("it declares that nothing makes a repeated create harmless")
    const one = createOp(stand)
    line.rule(({ purpose }) => (purpose === "write" ? { do: "swallow" } : null))
    await push(stand, await stand.open({ patient: true }), [one])
    line.rule(null)
    const ids: (string | undefined)[] = []
    for (let round = 0; round < 2; round++) {
      const connector = await stand.open()
      const [outcome] = inOrder([one], await connector.push(resource, [one]))
      ids.push(
        outcome?.status === "applied"
          ? outcome.id
          : outcome?.status === "failed" && outcome.fault.class === "duplicate" && how === "naturalKey"
            ? outcome.fault.existingId
            : undefined,
      )
      must(ids.at(-1) !== undefined, () => `a create whose answer was lost, sent again with its key, is ${show(outcome)}`)
    }
    must(ids[0] === ids[1], `a create whose answer was lost was sent twice again: it is ${ids[0]}, then ${ids[1]}`)
    const there = await see(stand, ids[0] ?? "")
    must(there !== undefined, `${ids[0]} is not there`)
    mustRead(stand, there.item, one.set, "a create that was sent again")
  },
}

const REFUSED: readonly (readonly [what: string, deed: Deed, classes: readonly string[]])[] = [
  ["that could not be sent", { do: "refuse" }, ["transient", "unknown"]],
  ["that was answered 429", answer(429, { "retry-after": "30" }), ["rateLimited"]],
  ["that was answered 503", answer(503), ["transient", "rateLimited", "unknown"]],
  ["that was answered 401", answer(401), ["auth"]],
  ["that was answered 403", answer(403), ["forbidden", "auth", "rateLimited"]],
]

const notCarriedOut: Check = {
  name: "not-sent-is-not-applied",
  area: "write",
  says: "a write that the system refused or did not hear of is not applied, says why, and is not tried again by the connector",
  scope: "resource",
  needs: [wire, writes("create")],
  run: async (stand) => {
    const { wire: line } = stand
    for (const [kind, prepare] of attempts(stand)) {
      for (const [what, deed, classes] of REFUSED) {
        const { ops, made } = await prepare()
        const connector = await stand.open({ patient: true })
        const writesBefore = connector.requested.length
        line.rule(({ purpose }) => (purpose === "write" ? deed : null))
        const result = await push(stand, connector, ops)
        line.rule(null)
        const sent = connector.requested
          .slice(writesBefore)
          .filter(({ write }) => write)
          .map(({ text }) => text)
        must(new Set(sent).size === sent.length, `a ${kind} ${what} was sent again by the connector, which is the engine's to decide`)
        for (const fault of result instanceof FaultError
          ? [result.fault]
          : result.map((outcome) => (outcome.status === "applied" ? null : outcome.fault))) {
          must(fault !== null, () => `a ${kind} ${what} is ${sayResult(result)}`)
          must(
            classes.includes(fault.class),
            () => `a ${kind} ${what} is "${fault.class}" (${fault.message}), not ${classes.map((each) => `"${each}"`).join(" or ")}`,
          )
        }
        for (const each of made) {
          const after = await again(stand, each)
          const moved = leavesOf(each.set).find(({ path }) => !same(at(after.change.item, path), at(each.change.item, path)))
          must(moved === undefined, `a ${kind} ${what} changed ${moved?.path}`)
        }
      }
    }
  },
}

const untouched: Check = {
  name: "no-retry-of-its-own",
  area: "limits",
  says: "it neither repeats a call nor waits by itself: that is for its client and for the engine",
  scope: "resource",
  needs: [wire, items],
  run: async (stand) => {
    const { wire: line, spec, resource } = stand
    const mode = spec.read.snapshot ? "snapshot" : "delta"
    for (const status of [500, 503, 429, 401]) {
      const connector = await stand.open({ patient: true })
      line.rule(({ purpose }) => (purpose === "token" ? null : answer(status)))
      await connector.pull(resource, { mode, cursor: null, limit: 5 }).catch(() => {})
      line.rule(null)
      const texts = connector.requested.map(({ text }) => text)
      must(new Set(texts).size === texts.length, `a read that was answered ${status} was asked again by the connector itself`)
    }
  },
}

export const doubtChecks: readonly Check[] = [noAnswer, repeated, notCarriedOut, untouched]
