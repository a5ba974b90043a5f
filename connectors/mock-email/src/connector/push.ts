// Writes: one batched read to compare with, then one batch (a second one only where two writes name the same address).
// Exactly one outcome per operation; rejects only when nothing can have been applied.
import { FaultError, type CallOptions, type Fault, type Op, type Outcome } from "@syncline/connector"
import { applied, readBatchAnswer } from "./batch-answer.ts"
import { prepare, type PreparedWrite } from "./compose-write.ts"
import { findMembers } from "./lookup.ts"
import { listPath, type MemberApi, type RemoteMember } from "./remote-member.ts"

/** The present state of every member that is to be changed, by the operation's ref. */
const readPresent = async (api: MemberApi, ops: readonly Op[], options: CallOptions): Promise<Map<string, RemoteMember>> => {
  const changes = ops.filter((op) => op.kind !== "create")
  const bySecondary = changes.filter((op) => op.secondary !== undefined)
  const byId = changes.filter((op) => op.secondary === undefined && op.id !== null)
  const [secondaries, ids] = await Promise.all([
    findMembers(
      api,
      "secondary",
      bySecondary.map((op) => op.secondary ?? ""),
      options,
    ),
    findMembers(
      api,
      "id",
      byId.map((op) => op.id ?? ""),
      options,
    ),
  ])
  const present = new Map<string, RemoteMember>()
  for (const op of changes) {
    const member = op.secondary === undefined ? ids.get(op.id ?? "") : secondaries.get(op.secondary)
    if (member !== undefined) present.set(op.ref, member)
  }
  return present
}

/** Answers are keyed by address: writes that share one go in separate batches, in their order. */
const inWaves = (writes: readonly PreparedWrite[]): PreparedWrite[][] => {
  const waves: PreparedWrite[][] = []
  const nextFree = new Map<string, number>()
  for (const write of writes) {
    const wave = Math.max(0, ...write.names.map((name) => nextFree.get(name) ?? 0))
    ;(waves[wave] ??= []).push(write)
    for (const name of write.names) nextFree.set(name, wave + 1)
  }
  return waves
}

/** A 5xx may come from before or after the work was done; so may silence. */
const mayHaveHappened = (fault: Fault): boolean => fault.class === "unknown" || (fault.status !== undefined && fault.status >= 500)

const sendWave = async (api: MemberApi, wave: readonly PreparedWrite[], options: CallOptions): Promise<Outcome[]> => {
  const response = await api.http.request({
    method: "POST",
    path: `${listPath(api)}/batch`,
    json: { members: wave.map(({ item }) => item), update_existing: false },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  return readBatchAnswer(api, wave, response.body)
}

export const push = async (api: MemberApi, ops: readonly Op[], options: CallOptions = {}): Promise<Outcome[]> => {
  const present = await readPresent(api, ops, options)
  const outcomes: Outcome[] = []
  const writes: PreparedWrite[] = []
  for (const op of ops) {
    const prepared = prepare(op, present.get(op.ref))
    if ("item" in prepared) writes.push(prepared)
    else if ("fault" in prepared) outcomes.push({ ref: op.ref, status: "failed", fault: prepared.fault })
    else if (prepared.already !== null) outcomes.push(applied(op.ref, prepared.already, false))
    else
      outcomes.push({ ref: op.ref, status: "applied", id: op.id ?? "", ...(op.secondary === undefined ? {} : { secondary: op.secondary }) })
  }
  let sent = false
  for (const wave of inWaves(writes)) {
    try {
      outcomes.push(...(await sendWave(api, wave, options)))
      sent = true
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
      const { fault } = error
      const unknown = mayHaveHappened(fault)
      if (!unknown && !sent) throw error
      sent = true
      outcomes.push(
        ...wave.map(({ op }): Outcome =>
          unknown ? { ref: op.ref, status: "unknown", fault: { ...fault, class: "unknown" } } : { ref: op.ref, status: "failed", fault },
        ),
      )
    }
  }
  return outcomes
}
