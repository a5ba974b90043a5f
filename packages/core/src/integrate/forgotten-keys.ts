// Match keys of people who were forgotten, as far as a step asks for them; and which items it left alone because of them.
// Nothing of such an item is kept: neither its values nor its id.
import { idKey } from "../model/forgotten-id.ts"
import type { Forgotten } from "../model/loaded.ts"

export class ForgottenKeys {
  private readonly ids = new Map<string, string>()
  private readonly alone = new Map<string, string>()

  constructor(keys: readonly Forgotten[]) {
    for (const { id, key, value } of keys) this.ids.set(JSON.stringify([key, value]), id)
  }
  /** Whether one of the keys was forgotten, or the item by its id: then it is left where it is. */
  leavesAlone(binding: string, remoteId: string, keys: readonly { readonly key: string; readonly value: string }[]): boolean {
    if (this.ids.size === 0) return false
    const id = [...keys, { key: idKey(binding), value: remoteId }]
      .map(({ key, value }) => this.ids.get(JSON.stringify([key, value])))
      .find((found) => found !== undefined)
    if (id === undefined) return false
    this.alone.set(id, binding)
    return true
  }
  /** By the id of what was forgotten, the binding that still has it. */
  leftAlone(): ReadonlyMap<string, string> {
    return this.alone
  }
}
