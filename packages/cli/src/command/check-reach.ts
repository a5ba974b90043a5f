// One cheap authenticated call to a system.
import { FaultError, type Connector } from "@syncline/connector"
import type { SystemConfig } from "@syncline/core"

export interface Reached {
  readonly system: string
  readonly title: string
  readonly ms: number
  readonly fault: { readonly auth: boolean; readonly message: string } | null
}

export async function reachSystem(system: SystemConfig, connector: Connector, now: () => number): Promise<Reached> {
  const startedAt = now()
  const fault = await connector.check().then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof FaultError)) throw error
      return { auth: error.fault.class === "auth" || error.fault.class === "forbidden", message: error.fault.message }
    },
  )
  return { system: system.name, title: system.description.title, ms: now() - startedAt, fault }
}
