// A compiled manifest as a connector: what the engine and the command line see of it.
import type { CallOptions, Connector, ConnectorContext, ConnectorDefinition } from "../contract.ts"
import { FaultError } from "../fault.ts"
import type { HttpSettings } from "../http/client.ts"
import type { JsonObject } from "../json.ts"
import { authOf } from "./auth/auth-of.ts"
import { describe } from "./describe.ts"
import { lookup } from "./read/lookup.ts"
import { pull } from "./read/pull.ts"
import { send } from "./request/send.ts"
import type { Manifest, Opened, ResourcePlan } from "./spec/index.ts"
import { withDefaults } from "./with-defaults.ts"
import { push } from "./write/push.ts"

export interface Surroundings {
  /** Loads a module beside the manifest. */
  readonly load?: (relativePath: string) => Promise<unknown>
}

export const definitionOf = (manifest: Manifest, surroundings: Surroundings): ConnectorDefinition => ({
  name: manifest.id,
  configSchema: manifest.configSchema,
  describe: () => describe(manifest),
  http: (config) => httpOf(manifest, withDefaults(manifest.configSchema, config)),
  open: (config, context) => openManifest(manifest, withDefaults(manifest.configSchema, config), context, surroundings),
})

function httpOf(manifest: Manifest, config: JsonObject): HttpSettings {
  const { limits, timeoutMs } = manifest
  const { remaining, reset, retryAfter } = limits.headers
  const headers = {
    ...(remaining === null ? {} : { remaining }),
    ...(reset === null ? {} : { reset }),
    ...(retryAfter === null ? {} : { retryAfter }),
  }
  return {
    baseUrl: String(manifest.baseUrl.run(config) ?? ""),
    auth: authOf(manifest.auth, config),
    limits: {
      windows: limits.windows.map(({ max, perMs, match }) => ({
        max: Number(max.run(config)),
        perMs,
        ...(match === null ? {} : { match }),
      })),
      ...(limits.concurrency === null ? {} : { concurrency: limits.concurrency }),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
    },
    ...(timeoutMs === null ? {} : { timeoutMs }),
  }
}

function openManifest(manifest: Manifest, config: JsonObject, { http, now, wait }: ConnectorContext, { load }: Surroundings): Connector {
  const opened: Opened = { manifest, config, http, now, ...(wait === undefined ? {} : { wait }), ...(load === undefined ? {} : { load }) }
  const planOf = (name: string): ResourcePlan => {
    const plan = manifest.resources.find((each) => each.name === name)
    if (plan === undefined) throw new FaultError({ class: "invalid", message: `${manifest.title} has no resource "${name}".` })
    return plan
  }
  const connector: Connector = {
    check: (options) => check(opened, options),
    pull: async (resource, request, options) => pull(opened, planOf(resource), request, options),
    push: async (resource, ops, options) => push(opened, planOf(resource), ops, options),
  }
  if (manifest.resources.every((plan) => plan.lookups.length === 0)) return connector
  return { ...connector, lookup: async (resource, by, values, options) => lookup(opened, planOf(resource), by, values, options) }
}

/** The call that the manifest names, or the smallest page of what can be read. */
async function check(opened: Opened, options: CallOptions = {}): Promise<void> {
  const { check: request, resources } = opened.manifest
  if (request !== null) {
    await send(opened, request, {}, { ...options, priority: "interactive" })
    return
  }
  const plan = resources[0]
  if (plan !== undefined) await pull(opened, plan, { mode: plan.snapshot === null ? "delta" : "snapshot", cursor: null, limit: 1 }, options)
}
