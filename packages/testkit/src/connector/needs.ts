// What checks need, by name. Each says in words what is missing.
import type { DeleteSign, WriteKind } from "@syncline/connector"
import type { About, Need } from "./check.ts"
import type { Outside } from "./conduct.ts"

export const wire: Need = ({ wired }) => (wired ? null : "the connector does not speak HTTP, so nothing can be put in the way of its calls")

export const writes =
  (kind: WriteKind): Need =>
  ({ spec, conduct }) => {
    if (spec.write[kind] === undefined) return `it declares no ${kind}`
    return kind === "create" && conduct.item === undefined ? "nobody says what a valid item looks like" : null
  }

const outside = ({ running, resource }: About): Outside => running.outside?.[resource] ?? {}

export const items: Need = (about) => {
  if (about.conduct.item === undefined) return "nobody says what a valid item looks like"
  return about.spec.write.create !== undefined || outside(about).create !== undefined
    ? null
    : "no items can be made: it declares no create, and there is none from outside"
}

export const edits: Need = (about) => {
  if (about.conduct.edit === undefined) return "the conformance file names no edit of this resource"
  return about.spec.write.update !== undefined || outside(about).edit !== undefined
    ? null
    : "no items can be edited: it declares no update, and there is none from outside"
}

export const ownEdits: Need = (about) => {
  if (about.conduct.edit === undefined) return "the conformance file names no edit of this resource"
  return writes("update")(about)
}

export const removes: Need = (about) =>
  about.spec.write.delete !== undefined || outside(about).delete !== undefined
    ? null
    : "nothing can be deleted: it declares no delete, and there is none from outside"

export const fromOutside =
  (deed: keyof Outside): Need =>
  (about) =>
    outside(about)[deed] === undefined ? `nobody says how to ${deed} from outside` : null

export const snapshot: Need = ({ spec }) => (spec.read.snapshot ? null : "it declares no snapshot")

export const delta: Need = ({ spec }) => (spec.read.delta === undefined ? "it declares no delta" : null)

export const lookup =
  (by?: string): Need =>
  ({ spec }) => {
    const offered = spec.read.lookup?.by
    if (offered === undefined) return "it declares no lookup"
    return by === undefined || offered.includes(by) ? null : `it declares no lookup by ${by}`
  }

export const deleteSign =
  (...signs: readonly DeleteSign[]): Need =>
  ({ spec }) =>
    spec.deletes.some((sign) => signs.includes(sign)) ? null : `it declares no delete by ${signs.join(" or ")}`

export const batches =
  (kind: WriteKind, least = 2): Need =>
  ({ spec }) =>
    (spec.write[kind]?.max ?? 0) >= least ? null : `it declares no ${kind} of ${least} at once`

export const guarded: Need = ({ spec }) =>
  spec.write.update === undefined || spec.write.update.guard === "none" ? "it declares no compare-and-set" : null

export const clears: Need = ({ spec }) => (spec.write.update?.unset === "never" ? "it declares that nothing can be cleared" : null)

export const uniqueKey: Need = ({ spec }) => (spec.keys.some((key) => key.unique) ? null : "it declares no unique key")
