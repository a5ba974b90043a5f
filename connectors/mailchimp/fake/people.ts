// What the team does in Mailchimp's own pages, and what members do on its forms: `status` is the member's own doing.
import type { JsonObject } from "@syncline/connector"
import type { FakePeople } from "@syncline/testkit/fake"
import { accept, type Input } from "./accept.ts"
import type { Audiences, Written } from "./audiences.ts"
import { hashOf, show, type Member } from "./member.ts"

const wordsOf = (body: unknown): string => (typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : "refused")

const inputIn = (set: JsonObject, addressed: boolean): Input => {
  const accepted = accept(set, addressed)
  if ("input" in accepted) return accepted.input
  throw new Error(wordsOf(accepted.refusal.body))
}

const done = (written: Written): Member => {
  if ("member" in written) return written.member
  throw new Error(wordsOf(written.refusal.body))
}

export const peopleOf = (audiences: Audiences, list: string): FakePeople => {
  const audience = audiences.audience(list)
  const find = (id: string): Member => {
    const member = audience?.find(id)
    if (member === undefined) throw new Error(`there is no member ${id}`)
    return member
  }
  return {
    items: () =>
      (audience?.all() ?? []).map((member) => {
        const shown = show(list, member)
        return {
          id: member.contactId,
          names: [member.contactId, hashOf(member.address), member.address.toLowerCase()],
          counts: member.status !== "archived",
          item: { ...shown, tags: [...member.tags] },
        }
      }),
    create: (set) => done(audiences.add(list, inputIn(set, false))).contactId,
    update: (id, set) => {
      const { status, ...rest } = inputIn(set, true)
      const member = done(audiences.update(list, find(id), rest))
      if (status !== undefined && status !== member.status) audiences.asMember(list, member, { status })
    },
    delete: (id) => void audiences.archive(list, find(id)),
    erase: (id) => audiences.erase(list, find(id)),
  }
}
