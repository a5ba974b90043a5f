import { existsSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, describe, expect, it } from "vitest"
import { playScenario, StoryFailure, transcript, type StoryEvent } from "../../src/scenario/index.ts"

const bin = fileURLToPath(new URL("fixtures/tiny-cli.ts", import.meta.url))
const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

const story = async (steps: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "story-test-"))
  folders.push(folder)
  const head = "scenario: 1\ntitle: A small story\nsystems:\n  crm: { mock: crm, seed: people.json }\n  email: { mock: email }\nstory:\n"
  await writeFile(join(folder, "scenario.yaml"), head + steps)
  await writeFile(join(folder, "people.json"), JSON.stringify([{ first_name: "Ann", email: "ann@example.com", labels: ["b", "a"] }]))
  return folder
}

const failure = async (steps: string): Promise<StoryFailure> => {
  const thrown: unknown = await playScenario(await story(steps), { bin }).catch((cause: unknown) => cause)
  if (!(thrown instanceof StoryFailure)) throw new Error(`expected a StoryFailure, found ${String(thrown)}`)
  return thrown
}

const alive = (url: string): Promise<boolean> =>
  fetch(`${url}/admin/dump`).then(
    () => true,
    () => false,
  )

describe("a story that ends as told", () => {
  it("is played on real servers by a real command line, and cleaned up", async () => {
    const folder = await story(
      `
  - say: Bob is added in the CRM.
    do:
      crm: { create: { first_name: Bob, email: bob@example.com }, as: bob }
  - say: The first run subscribes both.
    syncline: run pipeline.yaml
    shows: true
    expect:
      prints: [2 created, '/created in [\\d.]+ s/']
      hides: [demo-token]
      writes: { email: 2, crm: 0 }
      calls: { crm: 0, email: { at_least: 2, at_most: 4 } }
      total: { crm: 2, email: 2 }
      email:
        ann@example.com: { status: subscribed, tags: [] }
      crm:
        bob: { first_name: Bob, phone: null }
        ann@example.com: { labels: [a, b] }
        nobody@example.com: absent
  - say: Bob moves, leaves the list, and Ann is erased from it.
    do:
      crm:
        - update: bob
          set: { email: bob@example.org }
      email:
        - { delete: bob@example.com }
        - { erase: ann@example.com }
    expect:
      crm: { bob: { email: bob@example.org } }
      email: { bob@example.com: { status: archived }, ann@example.com: absent }
      total: { email: 0 }
      reviews:
        - { kind: duplicate }
        - { kind: conflict, field: phone }
  - say: A question is answered.
    syncline: [review, resolve, '{review:phone}', --take, crm]
    expect: { exit: 2, prints: 'asked for: review resolve rev_1 --take crm' }
`.replace("prints: asked for: review resolve rev_1 --take crm", "prints: 'asked for: review resolve rev_1 --take crm'"),
    )
    const events: StoryEvent[] = []
    const played = await playScenario(folder, { bin, onStep: (event) => events.push(event) })
    expect(events.filter(({ kind }) => kind !== "checked").map(({ kind }) => kind)).toEqual(
      "opened step did step runs ran step did did did step runs ran".split(" "),
    )
    expect(played.events).toEqual(events)
    expect(existsSync(played.folder)).toBe(false)
    const opened = events[0]
    if (opened?.kind !== "opened") throw new Error("a story opens first")
    expect(await Promise.all(opened.systems.map(({ url }) => alive(url)))).toEqual([false, false])
    expect(transcript(played)).toContain(
      "     2 created in SOME TIME at http://127.0.0.1:PORT\n     exit 0, written: 2 in email\n   ✓ exit code 0\n",
    )
  })

  it("can order trouble at a system and end it", async () => {
    const folder = await story(`
  - say: The CRM is down.
    do: { crm: { fault: { kind: status, status: 503 } } }
    syncline: run
    expect: { exit: 1 }
  - say: It is back.
    do: { crm: { heal: true } }
    syncline: run
`)
    await expect(playScenario(folder, { bin })).resolves.toMatchObject({ title: "A small story" })
  })
})

describe("a story that ends otherwise", () => {
  it("stops at that step and says where, what was expected, what was found, and what the command printed", async () => {
    const { message, step } = await failure(`
  - say: The first run subscribes two.
    syncline: run
    expect:
      writes: { email: 2 }
      email: { ann@example.com: { status: unsubscribed } }
`)
    expect(step).toBe("The first run subscribes two.")
    expect(message).toMatch(/scenario\.yaml:8 {2}"The first run subscribes two\."/)
    expect(message).toContain("✗ writes in email: 2\n      expected 2, found 1")
    expect(message).toContain(
      '✗ ann@example.com in email: status "unsubscribed"\n      status: expected "unsubscribed", found "subscribed"',
    )
    expect(message).toContain("$ syncline run\n    1 created")
  })

  it("says who is missing", async () => {
    const { message } = await failure("  - { say: Eve changes., do: { crm: { update: eve@example.com, set: { phone: '1' } } } }\n")
    expect(message).toContain('there is no "eve@example.com" in crm')
  })

  it("says which review is meant when there are several", async () => {
    const { message } = await failure("  - { say: An answer., syncline: 'review resolve {review} --take crm' }\n")
    expect(message).toContain("{review} stands for one open review, and there are 2")
  })

  it("says what a system answered that refused", async () => {
    const { message } = await failure(
      "  - { say: A bad address., do: { email: { create: { email_address: nonsense, status: subscribed } } } }\n",
    )
    expect(message).toMatch(/email answered POST \/lists\/newsletter\/members with 4\d\d: .*address/)
  })
})
