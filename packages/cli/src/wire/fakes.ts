// Fakes of real APIs by name: those of the connectors that come along, or of a connector's folder (its `fake/index.ts`).
import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { usage } from "../failure.ts"
import { shareOwnPackages } from "./own-packages.ts"

const KNOWN: Readonly<Record<string, () => Promise<unknown>>> = {
  directus: () => import("@syncline/directus/fake"),
  ghost: () => import("@syncline/ghost/fake"),
  salesforce: () => import("@syncline/salesforce/fake"),
  highlevel: () => import("@syncline/highlevel/fake"),
  hubspot: () => import("@syncline/hubspot/fake"),
  keap: () => import("@syncline/keap/fake"),
  mailchimp: () => import("@syncline/mailchimp/fake"),
}
export const FAKE_NAMES: readonly string[] = Object.keys(KNOWN)

export interface RunningFake {
  readonly url: string
  readonly credentials: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** What a fake exports as `fake`, as far as a command needs it. */
export interface Fake {
  readonly title: string
  readonly start: (options: { readonly port: number; readonly seed?: unknown }) => Promise<RunningFake>
}

export async function findFake(name: string, cwd: string): Promise<Fake> {
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
  const entry = ["fake/index.ts", "fake/index.js"].map((file) => join(resolve(cwd, name), file)).find((file) => existsSync(file))
  if (known === undefined && entry === undefined) {
    throw usage(
      `There is no fake "${name}".`,
      `There are ${["crm", "email", ...FAKE_NAMES].join(", ")}; or name a folder that holds fake/index.ts.`,
    )
  }
  shareOwnPackages()
  const module: unknown = await (known?.() ?? import(pathToFileURL(entry ?? "").href))
  const fake = typeof module === "object" && module !== null && "fake" in module ? module.fake : undefined
  if (!isFake(fake)) throw usage(`${name}/fake exports no fake.`, "Export one as `fake`: export const fake = defineFake({ … })")
  return fake
}

const isFake = (value: unknown): value is Fake =>
  typeof value === "object" &&
  value !== null &&
  "title" in value &&
  typeof value.title === "string" &&
  "start" in value &&
  typeof value.start === "function"
