// Does to a system what a step says, by plain HTTP, and tells it in a few words.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { brief } from "./brief.ts"
import type { Call } from "./mock-kind.ts"
import type { MockSystem } from "./mock-system.ts"
import type { Deed } from "./scenario.ts"

const some = async (system: MockSystem, who: string): Promise<JsonObject> => {
  const item = await system.find(who)
  if (item === null) throw new Error(`there is no "${who}" in ${system.name}`)
  return item
}

const create = async (system: MockSystem, set: JsonObject, as: string | undefined): Promise<void> => {
  const item: Json = await system.call(system.kind.create(set))
  if (as === undefined) return
  if (!isObject(item)) throw new Error(`${system.name} did not answer with the new item`)
  system.remember(as, item)
}

export const act = async (system: MockSystem, deed: Deed): Promise<void> => {
  const onItem = async (who: string, call: (item: JsonObject) => Call): Promise<void> => {
    await system.call(call(await some(system, who)))
  }
  switch (deed.kind) {
    case "create":
      return create(system, deed.set, deed.as)
    case "update":
      return onItem(deed.who, (item) => system.kind.update(item, deed.set))
    case "delete":
      return onItem(deed.who, system.kind.delete)
    case "erase":
      return onItem(deed.who, system.kind.erase)
    case "fault":
      return void (await system.admin("POST", "faults", deed.fault))
    case "heal":
      return void (await system.admin("DELETE", "faults"))
    case "admin":
      return void (await system.admin("POST", deed.path, deed.body))
  }
}

/** `crm: ann@example.com changes phone to "+1 …"`. */
export const deedText = (deed: Deed): string => {
  switch (deed.kind) {
    case "create":
      return `a new item, ${brief(deed.set)}`
    case "update":
      return `${deed.who} becomes ${brief(deed.set)}`
    case "delete":
      return `${deed.who} is deleted`
    case "erase":
      return `${deed.who} is erased for good`
    case "fault":
      return `trouble: ${brief(deed.fault)}`
    case "heal":
      return "all trouble is over"
    case "admin":
      return `${deed.path} ${brief(deed.body)}`
  }
}
