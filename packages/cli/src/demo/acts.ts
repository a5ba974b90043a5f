// The story, act by act. Each act does something, types what a person would type, and checks from outside what came of it.
import { EXIT } from "../exit.ts"
import { addressOf, textAt, type Actor, type Item } from "./actors.ts"
import { compareSides, unexplained } from "./compare.ts"
import type { Stage } from "./stage.ts"

const JANE = "jane.rivera@example.com"
const MOVED = "jane.rivera-okafor@example.com"

export const ACTS: readonly ((stage: Stage) => Promise<void>)[] = [look, firstSync, editsOnBothSides, conflict, outage, quiet]

async function look(stage: Stage): Promise<void> {
  stage.act(
    "Look before touching anything",
    "A CRM and an e-mail platform are running, with people as they are in real life. One YAML file ties them.",
  )
  const checked = await stage.type("check pipeline.yaml")
  stage.expect("both systems answer, and the mapping was tried on real people", checked === EXIT.done || checked === EXIT.attention)
  const planned = await stage.type("plan pipeline.yaml --samples 1")
  stage.expect("the plan was made", planned === EXIT.done)
  stage.expect("planning wrote nothing", (await writesOf(stage)) === 0)
}

async function firstSync(stage: Stage): Promise<void> {
  stage.act("The first sync", "Both sides are read, people who are the same are found by their address, and each side gets what it lacks.")
  const exit = await stage.type("run pipeline.yaml")
  stage.expect("it is done, and says what only a person can decide", exit === EXIT.done || exit === EXIT.attention, `exit code ${exit}`)
  stage.expect("people were created on the platform", (await stage.email.writes()) > 0)
  const before = await writesOf(stage)
  await stage.type("run pipeline.yaml", "answer")
  stage.expect("a second run makes no write call at all", (await writesOf(stage)) === before)
}

async function editsOnBothSides(stage: Stage): Promise<void> {
  stage.act(
    "Life goes on, on both sides",
    "Sales adds Jane Rivera to the CRM. Somebody unsubscribes by the link in a mail. A customer is lost.",
  )
  const { leaver, lost } = await pickPeople(stage)
  await stage.crm.create({
    first_name: "Jane",
    last_name: "Rivera",
    email: JANE,
    phone: "+14155550123",
    labels: ["demo"],
    stage: "customer",
    email_opt_out: false,
  })
  await stage.email.update(textAt(leaver.member, "id"), { status: "unsubscribed" })
  await stage.crm.update(textAt(lost.contact, "id"), { stage: "lost" })
  await stage.type("run pipeline.yaml", "answer")
  const jane = await find(stage.email, JANE)
  stage.expect("Jane is subscribed on the platform", jane !== undefined && textAt(jane, "status") === "subscribed")
  stage.expect("the one who left is opted out in the CRM", (await find(stage.crm, leaver.address))?.["email_opt_out"] === true)
  stage.expect("the lost customer gets no more mail", textAt((await find(stage.email, lost.address)) ?? {}, "status") === "unsubscribed")

  stage.say("")
  stage.say("Jane marries: a new name and a new address in the CRM. On the platform an address is the id itself.")
  const contact = await find(stage.crm, JANE)
  await stage.crm.update(textAt(contact ?? {}, "id"), { email: MOVED, last_name: "Rivera-Okafor" })
  await stage.type("run pipeline.yaml", "answer")
  const moved = await find(stage.email, MOVED)
  stage.expect(
    "the platform knows her by the new address and name",
    moved !== undefined && textAt(moved, "merge_fields.LNAME") === "Rivera-Okafor",
  )
  stage.expect("and no longer by the old one: she was renamed, not doubled", (await find(stage.email, JANE)) === undefined)
}

async function conflict(stage: Stage): Promise<void> {
  stage.act(
    "Two people change the same thing",
    "Sales corrects Jane's phone while she types another one into a form. Her first name changes too, on one side only.",
  )
  const contact = (await find(stage.crm, MOVED)) ?? {}
  const member = (await find(stage.email, MOVED)) ?? {}
  await stage.crm.update(textAt(contact, "id"), { phone: "+14155550177" })
  await stage.email.update(textAt(member, "id"), { merge_fields: { PHONE: "+16505550142", FNAME: "Janie" } })
  const exit = await stage.type("run pipeline.yaml", "answer")
  stage.expect("the run is done and says that a person is asked", exit === EXIT.attention, `exit code ${exit}`)
  stage.expect("the name flows although the phone is held", textAt((await find(stage.crm, MOVED)) ?? {}, "first_name") === "Janie")
  stage.expect(
    "the phone is overwritten on neither side",
    textAt((await find(stage.crm, MOVED)) ?? {}, "phone") === "+14155550177" &&
      textAt((await find(stage.email, MOVED)) ?? {}, "merge_fields.PHONE") === "+16505550142",
  )
  const id = await phoneReview(stage)
  stage.expect("there is one question, about her phone", id !== null)
  if (id === null) return
  await stage.type(`review show pipeline.yaml ${id}`)
  await stage.type(`review resolve pipeline.yaml ${id} --take email`)
  await stage.type("run pipeline.yaml", "answer")
  stage.expect(
    "the answer is written to the CRM",
    textAt((await find(stage.crm, MOVED)) ?? {}, "phone").replace(/\D/g, "") === "16505550142",
  )
  await stage.type(`explain pipeline.yaml ${MOVED}`)
}

async function outage(stage: Stage): Promise<void> {
  stage.act("The platform goes down", "Nobody notices at first, and the CRM goes on changing.")
  await stage.email.breakDown()
  const contact = (await find(stage.crm, MOVED)) ?? {}
  await stage.crm.update(textAt(contact, "id"), { first_name: "Jane Maria" })
  const exit = await stage.type("run pipeline.yaml")
  stage.expect("the run says which system is down, and exits with 4", exit === EXIT.unreachable, `exit code ${exit}`)
  await stage.email.repair()
  stage.say("The platform is back.")
  await stage.type("run pipeline.yaml", "answer")
  stage.expect("what was kept is delivered", textAt((await find(stage.email, MOVED)) ?? {}, "merge_fields.FNAME") === "Jane Maria")
}

async function quiet(stage: Stage): Promise<void> {
  stage.act("Is it true?", "Both systems are read from outside and compared, person by person and field by field.")
  const before = await writesOf(stage)
  await stage.type("run pipeline.yaml", "answer")
  stage.expect("nothing is left to write", (await writesOf(stage)) === before)
  const { people, differences } = await compareSides(stage)
  const left = await unexplained(stage, differences)
  stage.expect(
    `${people} people are on both sides; ${differences.length === 0 ? "no field differs" : `${differences.length} fields differ, each for a reason that \`explain\` names`}`,
    people > 0 && left.length === 0,
    left
      .slice(0, 5)
      .map(({ address, field }) => `${address}.${field}`)
      .join(", "),
  )
  await stage.type("status pipeline.yaml")
}

interface Pair {
  readonly address: string
  readonly contact: Item
  readonly member: Item
}

/** Two ordinary people who are on both sides, subscribed, and known once. */
async function pickPeople(stage: Stage): Promise<{ readonly leaver: Pair; readonly lost: Pair }> {
  const members = await stage.email.items()
  const contacts = await stage.crm.items()
  const times = (items: readonly Item[], address: string): number => items.filter((item) => addressOf(item) === address).length
  const pairs = contacts
    .filter((contact) => contact["stage"] === "customer" && contact["email_opt_out"] === false)
    .flatMap((contact): Pair[] => {
      const address = addressOf(contact)
      const member = members.find((each) => addressOf(each) === address && each["status"] === "subscribed")
      return member === undefined || times(contacts, address) > 1 ? [] : [{ address, contact, member }]
    })
  const [leaver, lost] = pairs
  if (leaver === undefined || lost === undefined) throw new Error("the demo's data holds no two customers who are subscribed")
  return { leaver, lost }
}

const find = async (actor: Actor, address: string): Promise<Item | undefined> =>
  (await actor.items()).find((item) => addressOf(item) === address)

const writesOf = async (stage: Stage): Promise<number> => (await stage.crm.writes()) + (await stage.email.writes())

async function phoneReview(stage: Stage): Promise<string | null> {
  const open = await stage.ask("review list pipeline.yaml --field phone --kind conflict --limit 1000")
  if (!Array.isArray(open)) return null
  const found = open.filter((review: unknown) => JSON.stringify(review).includes("5550142"))
  const [only]: unknown[] = found
  return found.length === 1 && typeof only === "object" && only !== null && "id" in only && typeof only.id === "string" ? only.id : null
}
