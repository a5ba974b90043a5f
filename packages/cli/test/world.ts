// Two live systems, a pipeline of its own and the command: a small world that is torn down afterwards. `syncline` is called in
// this very process, which spares its start; `start` makes a process of it, for what only a process can show.
import { startMockCrm } from "@syncline/mock-crm/server"
import { startMockEmail } from "@syncline/mock-email/server"
import { onTestFinished } from "vitest"
import { crmAt, emailAt, type Actor } from "../src/demo/actors.ts"
import { bareEnv, folder, start, type Child, type Ended } from "./child.ts"
import { call } from "./hostile/call.ts"

export interface World {
  readonly cwd: string
  readonly crm: Actor
  readonly email: Actor
  readonly env: Readonly<Record<string, string>>
  readonly syncline: (...args: readonly string[]) => Promise<Ended>
  readonly start: (...args: readonly string[]) => Child
  /** Adds a customer to the CRM. */
  readonly customer: (name: string, more?: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>
}

export async function world(): Promise<World> {
  const cwd = folder()
  const [crm, email] = await Promise.all([startMockCrm(), startMockEmail()])
  onTestFinished(async () => {
    await Promise.all([crm.close(), email.close()])
  })
  const env = { CRM_URL: crm.url, EMAIL_URL: email.url }
  await call(cwd, ["init"])
  const crmActor = crmAt(crm.url)
  return {
    cwd,
    env,
    crm: crmActor,
    email: emailAt(email.url),
    syncline: (...args) => call(cwd, args, bareEnv(env)),
    start: (...args) => {
      const child = start(args, { cwd, env })
      onTestFinished(() => void child.process.kill("SIGKILL"))
      return child
    },
    customer: (name, more = {}) =>
      crmActor.create({
        first_name: name,
        last_name: "Doe",
        email: `${name.toLowerCase()}@example.com`,
        phone: null,
        labels: [],
        stage: "customer",
        email_opt_out: false,
        ...more,
      }),
  }
}
