// Many operations in one request. Every one gets exactly one outcome: what the answer does not say for certain is `unknown`,
// or, where the manifest says that silence means "not done", is tried alone. A batch that is refused whole, with nothing
// done, is halved until the operation is found that is to blame.
import type { CallOptions, Outcome } from "../../contract.ts"
import { FaultError, type Fault, type FaultClass } from "../../fault.ts"
import { resOf, send } from "../request/send.ts"
import type { Answer, BatchSpec, Scope } from "../spec/index.ts"
import { awaitJob } from "./job.ts"
import { answerNames, matchAnswer } from "./match.ts"
import type { Operation, Situation } from "./operation.ts"
import { appliedAsItWas, failed, faultOf, isSystemic, outcomeOfFault, unknown } from "./outcome.ts"
import { pushSingly } from "./single.ts"

export const pushBatches = async (
  situation: Situation,
  batch: BatchSpec,
  operations: readonly Operation[],
  options: CallOptions,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  const waiting = batchesOf(batch, operations)
  let splits = 0
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const sent = await sendBatch(situation, batch, next, options)
    if ("fault" in sent && mayHalve(sent.fault) && next.length > 1 && splits++ < MOST_SPLITS) {
      const middle = Math.ceil(next.length / 2)
      waiting.unshift(next.slice(0, middle), next.slice(middle))
      continue
    }
    if (!("fault" in sent)) {
      outcomes.push(...sent.outcomes)
      continue
    }
    outcomes.push(...next.map(({ op }) => outcomeOfFault(op, sent.fault)))
    if (!isSystemic(sent.fault)) continue
    for (const rest of waiting.splice(0)) outcomes.push(...rest.map(({ op }) => failed(op, sent.fault)))
  }
  return outcomes
}

/** Enough to find ten culprits in a hundred; where nearly all are to blame, they are all told so. */
const MOST_SPLITS = 80

const HALVED: ReadonlySet<FaultClass> = new Set<FaultClass>(["invalid", "duplicate", "conflict", "notFound", "gone"])

/** Refused for what was in it, with nothing done. */
const mayHalve = (fault: Fault): boolean => HALVED.has(fault.class)

/** In their order; operations that an answer could not tell apart go in separate requests. */
const batchesOf = (batch: BatchSpec, operations: readonly Operation[]): Operation[][] => {
  const batches: { readonly names: Set<string>; readonly list: Operation[] }[] = []
  const from = new Map<string, number>()
  let open = 0
  for (const operation of operations) {
    const names = answerNames(batch, operation)
    let at = Math.max(open, ...names.map((name) => from.get(name) ?? 0))
    while ((batches[at]?.list.length ?? 0) >= batch.max) at++
    while (batches.length <= at) batches.push({ names: new Set(), list: [] })
    batches[at]?.list.push(operation)
    for (const name of names) from.set(name, at + 1)
    if ((batches[open]?.list.length ?? 0) >= batch.max) open++
  }
  return batches.map(({ list }) => list).filter((list) => list.length > 0)
}

type Sent = { readonly outcomes: Outcome[] } | { readonly fault: Fault }

const sendBatch = async (situation: Situation, batch: BatchSpec, operations: readonly Operation[], options: CallOptions): Promise<Sent> => {
  const { opened } = situation
  const first = operations[0]?.scope ?? {}
  const scope: Scope = {
    config: opened.config,
    ...(first["parent"] === undefined ? {} : { parent: first["parent"] }),
    ops: operations.map(({ facts }) => facts),
    items: operations.map(({ facts }) => facts["wire"] ?? null),
  }
  let answer: Answer | null
  try {
    answer = await send(opened, batch.request, scope, options)
  } catch (error) {
    return { fault: faultOf(error) }
  }
  if (batch.job !== null) {
    answer = await awaitJob(opened, batch.job, { ...scope, res: resOf(answer) }, options)
    if (answer === null) return { outcomes: operations.map(({ op }) => unknown(op, "The job that carries this out was not seen to end.")) }
  }
  let found: (Outcome | null)[]
  try {
    found = matchAnswer(situation, batch, operations, { ...scope, res: resOf(answer) })
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    const { message } = error.fault
    return { outcomes: operations.map(({ op }) => unknown(op, `The batch was answered, but the answer cannot be read. ${message}`)) }
  }
  const silent = operations.filter((_, index) => found[index] === null)
  const rest = await settleSilent(situation, batch, silent, options)
  return { outcomes: [...found.filter((outcome) => outcome !== null), ...rest] }
}

/** Operations of which the answer says nothing. */
const settleSilent = async (
  situation: Situation,
  batch: BatchSpec,
  silent: readonly Operation[],
  options: CallOptions,
): Promise<Outcome[]> => {
  const { single } = situation.wire
  if (batch.unmatched === "retrySingly" && single !== null && silent.length > 0) return pushSingly(situation, single, silent, options)
  return silent.map(({ op }): Outcome => {
    if (batch.unmatched === "applied" && op.id !== null) return appliedAsItWas(op, op.id, op.secondary)
    return unknown(op, "The answer to the batch says nothing about this operation.")
  })
}
