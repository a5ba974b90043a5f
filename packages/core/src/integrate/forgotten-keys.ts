// Match keys of people who were forgotten, and the names of their items, as far as a step asks for them; and which items it
// left alone because of them. Nothing of such an item is kept: neither its values nor its id.
import type { KeyValue } from "../model/record.ts"
import { type ItemNames, namesKeys } from "../model/forgotten-id.ts"
import type { Forgotten } from "../model/loaded.ts"

export class ForgottenKeys {
  private readonly ids = new Map<string, string>()
  private readonly alone = new Map<string, string>()

  constructor(keys: readonly Forgotten[]) {
    for (const { id, key, value } of keys) this.ids.set(JSON.stringify([key, value]), id)
  }
  /** Whether one of the keys was forgotten, or the item by one of its names: then it is left where it is. */
  leavesAlone(binding: string, names: ItemNames, keys: readonly KeyValue[]): boolean {
    const id = this.among([...keys, ...namesKeys(binding, names)])
    if (id === undefined) return false
    this.alone.set(id, binding)
    return true
  }
  /** Whether one of the keys is that of somebody who was forgotten. */
  has(keys: readonly KeyValue[]): boolean {
    return this.among(keys) !== undefined
  }
  /** By the id of what was forgotten, the binding that still has it. */
  leftAlone(): ReadonlyMap<string, string> {
    return this.alone
  }
  private among(keys: readonly KeyValue[]): string | undefined {
    if (this.ids.size === 0) return undefined
    return keys.map(({ key, value }) => this.ids.get(JSON.stringify([key, value]))).find((found) => found !== undefined)
  }
}
