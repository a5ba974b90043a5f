// Whether `newest` told the truth: where both systems keep a time per field, whoever is said to have written last did,
// and nobody is asked about edits that lie far apart. Judged against when people really typed.
import type { FieldChange, Json, Stamp } from "@syncline/core"
import { plain } from "../words.ts"
import type { World } from "../world.ts"

/** Beyond this, and the resolutions, the order of two edits is certain: twice what is known of a clock's offset. */
const UNSURE_MS = 600

const isCertain = (world: World, stamp: Stamp | undefined): stamp is Stamp =>
  stamp !== undefined &&
  stamp.certainty === "field" &&
  world.systems.get(stamp.system)?.shape.times === "field" &&
  // its own dates are all there is to go by
  !world.system(stamp.system).dates.mislead

/**
 * When somebody typed it into that system; null where that is not to be told: what is blank may be so because nobody ever did,
 * what an automation insists on comes back again and again, and what an undo put back bears the time of the undo.
 */
function typedAt(world: World, field: string, value: Json, system: string): number | null {
  const { knowledge, twists, lost } = world
  if (plain(value) === "" || twists.automations?.some((one) => one.value === plain(value)) === true) return null
  if (wasPutBack(world, field, value, system)) return null
  // a store that was replaced wrote it there as well: to the one that was put back that is a user's word, of that time
  const isWritten = [...lost].some(({ row, op }) => row.uid.replace(/\d+$/, "") === system && plain(op.set[field]) === plain(value))
  if (isWritten) return null
  const own = knowledge.tokens.filter((token) => token.field === field && token.system === system && token.value === plain(value))
  // an item that is known by its address alone shows another's value since that has its address, with the times of both
  const [only, ...more] = own
  return only === undefined || more.length > 0 || knowledge.blurred.has(only.row.person) ? null : only.at
}

const wasPutBack = ({ effects, knowledge }: World, field: string, value: Json, system: string): boolean =>
  effects.some(
    ({ op, row }) =>
      knowledge.intents.get(op.ref)?.undoes !== undefined && row.uid.startsWith(system) && plain(op.set[field] ?? null) === plain(value),
  )

/** What a row of the journal says about the order of two edits, and is not so; null: nothing. */
export function wrongOrder(world: World, { field, after, lost, by, lostBy, rule }: FieldChange): string | null {
  if (rule?.startsWith("newest") !== true || lost === undefined || !isCertain(world, by) || !isCertain(world, lostBy)) return null
  const won = typedAt(world, field, after, by.system)
  const beaten = typedAt(world, field, lost, lostBy.system)
  if (won === null || beaten === null) return null
  const claim = rule.endsWith("wrote last")
  const said = `${field} ${JSON.stringify(after)} (${by.system}) beat ${JSON.stringify(lost)} (${lostBy.system})`
  const coarse = resolutions(world, by, lostBy)
  if (claim && won + coarse < beaten) return `${said} as the newest, and is ${beaten - won} ms older`
  if (!claim && Math.abs(won - beaten) > UNSURE_MS + coarse) return `${said}: ${rule}; they are ${Math.abs(won - beaten)} ms apart`
  return null
}

/** Two sides whose order is said to be unknown, and is not. */
export function knownOrder(world: World, field: string, a: { value: Json; stamp: Stamp }, b: { value: Json; stamp: Stamp }): boolean {
  if (!isCertain(world, a.stamp) || !isCertain(world, b.stamp)) return false
  const [first, second] = [typedAt(world, field, a.value, a.stamp.system), typedAt(world, field, b.value, b.stamp.system)]
  return first !== null && second !== null && Math.abs(first - second) > UNSURE_MS + resolutions(world, a.stamp, b.stamp)
}

const resolutions = (world: World, a: Stamp, b: Stamp): number =>
  world.system(a.system).shape.resolutionMs + world.system(b.system).shape.resolutionMs
