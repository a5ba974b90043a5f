// Puts seed members into the file in one transaction; an address that is there already is left alone and reported.
import type { Clock } from "./clock.ts"
import { contactIdOf, idOf } from "./member.ts"
import type { Members } from "./members.ts"
import type { Seed, Skipped } from "./seed-file.ts"

export interface Planted {
  readonly loaded: number
  readonly skipped: readonly Skipped[]
}

export const plant = (members: Members, clock: Clock, seed: Seed, defaultList: string): Planted =>
  members.transaction(() => {
    const skipped = [...seed.skipped]
    const lists = new Map<string, string[]>()
    for (const member of seed.members) {
      const list = member.list ?? defaultList
      const ids = lists.get(list)
      if (ids === undefined) lists.set(list, [idOf(member.address)])
      else ids.push(idOf(member.address))
    }
    const there = new Set([...lists].flatMap(([list, ids]) => members.find(list, "id", ids).map((row) => `${list}/${row.id}`)))
    let loaded = 0
    for (const [index, member] of seed.members.entries()) {
      const list = member.list ?? defaultList
      const id = idOf(member.address)
      if (there.has(`${list}/${id}`)) {
        skipped.push({ row: index + 1, field: "email_address", value: member.address, reason: "is already a member of this list" })
        continue
      }
      const seq = members.nextSeq()
      members.insert(
        {
          seq,
          list,
          id,
          contactId: contactIdOf(list, seq),
          address: member.address,
          status: member.status,
          mergeFields: member.mergeFields,
          tags: member.tags,
          lastChanged: member.lastChanged ?? clock.seconds(),
        },
        true,
      )
      there.add(`${list}/${id}`)
      loaded += 1
    }
    return { loaded, skipped }
  })
