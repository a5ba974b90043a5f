// A compiled manifest as a connector: what the engine and the command line see of it.
import type { CallOptions, Connector, ConnectorContext, ConnectorDefinition } from "../contract.ts"
import { FaultError } from "../fault.ts"
import type { HttpSettings } from "../http/client.ts"
import type { JsonObject } from "../json.ts"
import { authOf } from "./auth/auth-of.ts"
import { describe } from "./describe.ts"
import { instancesOf } from "./instances.ts"
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
  describe: (config) => describe(manifest, withDefaults(manifest.configSchema, config)),
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
    // Only who signs in needs the credentials: a description shows the limits without.
    get auth() {
      return authOf(manifest.auth, config)
    },
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
  const surroundings = { manifest, http, now, ...(wait === undefined ? {} : { wait }), ...(load === undefined ? {} : { load }) }
  const instances = instancesOf(manifest, config).map(({ plan, config: own }): Place => ({
    plan,
    opened: { ...surroundings, config: own },
  }))
  const instanceOf = (name: string): Place => {
    const found = instances.find(({ plan }) => plan.name === name)
    if (found === undefined) throw new FaultError({ class: "invalid", message: `${manifest.title} has no resource "${name}".` })
    return found
  }
  const connector: Connector = {
    check: async (options) => check({ ...surroundings, config }, instances[0], options),
    pull: async (resource, request, options) => {
      const { opened, plan } = instanceOf(resource)
      return pull(opened, plan, request, options)
    },
    push: async (resource, ops, options) => {
      const { opened, plan } = instanceOf(resource)
      return push(opened, plan, ops, options)
    },
  }
  if (instances.every(({ plan }) => plan.lookups.length === 0)) return connector
  return {
    ...connector,
    lookup: async (resource, by, values, options) => {
      const { opened, plan } = instanceOf(resource)
      return lookup(opened, plan, by, values, options)
    },
  }
}

interface Place {
  readonly plan: ResourcePlan
  readonly opened: Opened
}

/** The call that the manifest names, or the smallest page of what can be read. */
async function check(opened: Opened, first: Place | undefined, options: CallOptions = {}): Promise<void> {
  const { check: request } = opened.manifest
  if (request !== null) {
    await send(opened, request, {}, { ...options, priority: "interactive" })
    return
  }
  if (first === undefined) return
  const { plan } = first
  await pull(first.opened, plan, { mode: plan.snapshot === null ? "delta" : "snapshot", cursor: null, limit: 1 }, options)
}
