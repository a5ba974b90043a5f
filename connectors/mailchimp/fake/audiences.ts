// The audiences of one account, and the rules of membership: who may join, who may come back, what counts as a change.
// Times are whole seconds; a write that changes nothing leaves `last_changed` alone.
import { createHash } from "node:crypto"
import type { Clock, FakeAnswer } from "@syncline/testkit/fake"
import type { Input } from "./accept.ts"
import { hashOf, type Member } from "./member.ts"
import { problem } from "./problem.ts"

export interface Audience {
  readonly id: string
  readonly all: () => readonly Member[]
  /** By hash, address or `contact_id`. */
  readonly find: (who: string) => Member | undefined
}

export type Written = { readonly member: Member; readonly created: boolean; readonly changed: boolean } | { readonly refusal: FakeAnswer }

export interface Audiences {
  readonly audience: (id: string | undefined) => Audience | undefined
  /** Joins. Whoever is archived comes back. */
  readonly add: (list: string, input: Input) => Written
  readonly update: (list: string, member: Member, input: Input) => Written
  readonly archive: (list: string, member: Member) => FakeAnswer
  /** For good: the address is remembered as one that may not be imported again. */
  readonly erase: (list: string, member: Member) => void
  /** What the member itself does on a form, which nobody else may do in its name. */
  readonly asMember: (list: string, member: Member, set: Partial<Pick<Member, "status">>) => void
  /** Puts a member in as it is. */
  readonly plant: (list: string, member: Omit<Member, "contactId">) => Member
}

const SUBSCRIBING: readonly string[] = ["subscribed"]

export const createAudiences = (clock: Clock, lists: readonly string[]): Audiences => {
  const members = new Map<string, Map<string, Member>>(lists.map((list) => [list, new Map()]))
  const forgotten = new Set<string>()
  let joined = 0

  const of = (list: string): Map<string, Member> => {
    const found = members.get(list)
    if (found === undefined) throw new Error(`there is no audience ${list}`)
    return found
  }
  const find = (list: string, who: string): Member | undefined => {
    const wanted = who.toLowerCase()
    return (
      of(list).get(wanted) ?? [...of(list).values()].find(({ address }) => address.toLowerCase() === wanted || hashOf(address) === wanted)
    )
  }
  const seconds = (): number => Math.floor(clock.now() / 1000)

  const exists = (address: string): Written => ({
    refusal: problem(400, "Member Exists", `${address} is already a list member. Use PUT to insert or update list members.`),
  })
  const inCompliance = (address: string): Written => ({
    refusal: problem(
      400,
      "Member In Compliance State",
      `${address} is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.`,
    ),
  })
  const plant: Audiences["plant"] = (list, member) => {
    joined += 1
    const contactId = createHash("md5").update(`${list}/${joined}`).digest("hex")
    const planted = { ...member, contactId }
    of(list).set(contactId, planted)
    return planted
  }

  const update: Audiences["update"] = (list, member, input) => {
    const address = input.address ?? member.address
    const holder = find(list, address)
    if (holder !== undefined && holder.contactId !== member.contactId) return exists(address)
    const status = input.status ?? member.status
    if (member.compliance && SUBSCRIBING.includes(status) && status !== member.status) return inCompliance(member.address)
    const next: Member = {
      ...member,
      address,
      status,
      mergeFields: { ...member.mergeFields, ...input.mergeFields },
      tags: input.tags ?? member.tags,
      language: input.language ?? member.language,
      vip: input.vip ?? member.vip,
    }
    const changed = JSON.stringify(next) !== JSON.stringify(member)
    const written = changed ? { ...next, lastChanged: seconds() } : member
    of(list).set(member.contactId, written)
    return { member: written, created: false, changed }
  }

  const add: Audiences["add"] = (list, input) => {
    const { address } = input
    if (address === undefined)
      return {
        refusal: problem(400, "Invalid Resource", "The resource submitted could not be validated.", [
          { field: "email_address", message: "This value should not be blank." },
        ]),
      }
    const holder = find(list, address)
    if (holder !== undefined && holder.status !== "archived") return exists(address)
    const status = input.status ?? input.statusIfNew
    if (status === undefined) {
      return {
        refusal: problem(400, "Invalid Resource", "The resource submitted could not be validated.", [
          { field: "status", message: "This value should not be blank." },
        ]),
      }
    }
    if (holder !== undefined) {
      const back = update(list, holder, { ...input, status })
      return "member" in back ? { ...back, created: true } : back
    }
    if (forgotten.has(hashOf(address))) {
      return {
        refusal: problem(
          400,
          "Forgotten Email Not Subscribed",
          `${address} was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.`,
        ),
      }
    }
    const now = seconds()
    const member = plant(list, {
      address,
      status,
      compliance: false,
      mergeFields: input.mergeFields ?? {},
      tags: input.tags ?? [],
      language: input.language ?? "",
      vip: input.vip ?? false,
      joined: now,
      lastChanged: now,
    })
    return { member, created: true, changed: true }
  }

  return {
    audience: (id) => {
      const own = id === undefined ? undefined : members.get(id)
      return own === undefined || id === undefined ? undefined : { id, all: () => [...own.values()], find: (who) => find(id, who) }
    },
    add,
    update,
    archive: (list, member) => {
      if (member.status === "archived" || member.status === "pending" || member.status === "cleaned") {
        return problem(405, "Method Not Allowed", "This list member cannot be removed. Please contact support.")
      }
      of(list).set(member.contactId, { ...member, status: "archived", lastChanged: seconds() })
      return { status: 204, changed: 1 }
    },
    erase: (list, member) => {
      of(list).delete(member.contactId)
      forgotten.add(hashOf(member.address))
    },
    asMember: (list, member, { status = member.status }) => {
      const compliance = status === "unsubscribed" || status === "cleaned"
      of(list).set(member.contactId, { ...member, status, compliance, lastChanged: seconds() })
      if (status === "subscribed") forgotten.delete(hashOf(member.address))
    },
    plant,
  }
}
