// A small API as people build them: opaque ids, token paging, a search by time, tombstones with a sequence, single and batch
// writes. It answers what it is asked and keeps its state in memory.
import { answerJson, listen, type LocalServer } from "../http/local-server.ts"

export interface Person {
  id: string
  email: string
  name: string | null
  updated: string
}

export interface PeopleServer extends LocalServer {
  readonly people: Map<string, Person>
  readonly deleted: { id: string; seq: number }[]
  add(email: string, updated: string, name?: string): Person
}

export async function startPeople(): Promise<PeopleServer> {
  const people = new Map<string, Person>()
  const deleted: PeopleServer["deleted"] = []
  const keys = new Map<string, Person>()
  let next = 1
  const add = (email: string, updated: string, name: string | null = null): Person => {
    const person = { id: String(next++), email, name, updated }
    people.set(person.id, person)
    return person
  }
  const server = await listen((request, response, text) => {
    const url = new URL(request.url ?? "/", "http://x")
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>)
    const answer = (status: number, value: unknown): void => answerJson(response, status, value)
    if (request.headers.authorization !== "Bearer s3cret-token") return answer(401, { message: "no" })
    const page = (all: Person[], limit: number, after: number) => ({
      people: all.slice(after, after + limit),
      next: after + limit < all.length ? String(after + limit) : null,
      total: all.length,
    })
    const [, , id] = url.pathname.split("/")
    if (url.pathname === "/people" && request.method === "GET") {
      const emails = url.searchParams.get("email")?.toLowerCase().split(",")
      const all = [...people.values()].filter((person) => emails === undefined || emails.includes(person.email.toLowerCase()))
      return answer(200, page(all, Number(url.searchParams.get("limit") ?? 100), Number(url.searchParams.get("after") ?? 0)))
    }
    if (url.pathname === "/people/search") {
      const all = [...people.values()]
        .filter((person) => person.updated >= String(body["since"]))
        .sort((a, b) => a.updated.localeCompare(b.updated))
      return answer(200, page(all, Number(body["limit"]), Number(body["after"] ?? 0)))
    }
    if (url.pathname === "/deleted")
      return answer(200, { deleted: deleted.filter(({ seq }) => seq > Number(url.searchParams.get("since"))) })
    if (url.pathname === "/people" && request.method === "POST") {
      const key = String(request.headers["idempotency-key"])
      const before = keys.get(key)
      if (before !== undefined) return answer(200, before)
      const taken = [...people.values()].find((person) => person.email === body["email"])
      if (taken !== undefined) return answer(409, { message: `Contact exists. ID: ${taken.id}` })
      if (body["email"] === "bad") return answer(200, { ok: false, why: "no address" })
      const made = add(String(body["email"]), "2026-01-02T00:00:00.000Z", typeof body["name"] === "string" ? body["name"] : undefined)
      keys.set(key, made)
      return answer(201, made)
    }
    if (url.pathname === "/people/batch") {
      const results: unknown[] = []
      const errors: unknown[] = []
      for (const input of body["inputs"] as { ref: string; id: string; set: Partial<Person> }[]) {
        const person = people.get(input.id)
        if (person === undefined) errors.push({ ref: input.ref, message: "nobody" })
        else results.unshift({ ref: input.ref, person: Object.assign(person, input.set, { updated: "2026-01-03T00:00:00.000Z" }) })
      }
      return answer(207, { results, errors })
    }
    const person = people.get(decodeURIComponent(id ?? ""))
    if (person === undefined) return answer(404, { message: "nobody" })
    if (request.method === "PATCH") Object.assign(person, body, { updated: "2026-01-03T00:00:00.000Z" })
    if (request.method === "DELETE") {
      people.delete(person.id)
      deleted.push({ id: person.id, seq: deleted.length + 1 })
      response.writeHead(204)
      return response.end()
    }
    return answer(200, person)
  })
  return { ...server, people, deleted, add }
}
