// The claims of a step: who claims which match key, and what that adds to or takes from the store.
import type { Claim } from "../model/record.ts"

const keyText = (key: string, value: string): string => `${key}\n${value}`

export class ClaimTable {
  private readonly claimants = new Map<string, Set<string>>()
  private readonly byRecord = new Map<string, Map<string, Claim>>()
  private readonly added = new Map<string, Claim>()
  private readonly removed = new Map<string, Claim>()

  load(claims: readonly Claim[]): void {
    for (const claim of claims) this.insert(claim)
  }
  of(key: string, value: string): readonly string[] {
    return [...(this.claimants.get(keyText(key, value)) ?? [])]
  }
  new(): readonly Claim[] {
    return [...this.added.values()]
  }
  lost(): readonly Claim[] {
    return [...this.removed.values()]
  }
  /** Makes these the record's claims; answers how to take that back. */
  put(recordId: string, claims: readonly Claim[]): () => void {
    const before = [...(this.byRecord.get(recordId)?.values() ?? [])]
    const wanted = new Map(claims.map((claim) => [keyText(claim.key, claim.value), claim]))
    const present = new Set(before.map((claim) => keyText(claim.key, claim.value)))
    const out = before.filter((claim) => !wanted.has(keyText(claim.key, claim.value)))
    const into = [...wanted].filter(([text]) => !present.has(text)).map(([, claim]) => claim)
    for (const claim of out) this.move(claim, false)
    for (const claim of into) this.move(claim, true)
    return () => {
      for (const claim of into) this.move(claim, false)
      for (const claim of out) this.move(claim, true)
    }
  }

  /** Adding what was taken away in this step, or the reverse, leaves nothing to store. */
  private move(claim: Claim, add: boolean): void {
    const id = `${keyText(claim.key, claim.value)}\n${claim.recordId}`
    const [same, opposite] = add ? [this.added, this.removed] : [this.removed, this.added]
    if (opposite.has(id)) opposite.delete(id)
    else same.set(id, claim)
    if (add) this.insert(claim)
    else {
      this.claimants.get(keyText(claim.key, claim.value))?.delete(claim.recordId)
      this.byRecord.get(claim.recordId)?.delete(keyText(claim.key, claim.value))
    }
  }
  private insert(claim: Claim): void {
    const text = keyText(claim.key, claim.value)
    let ids = this.claimants.get(text)
    if (ids === undefined) this.claimants.set(text, (ids = new Set<string>()))
    ids.add(claim.recordId)
    let own = this.byRecord.get(claim.recordId)
    if (own === undefined) this.byRecord.set(claim.recordId, (own = new Map<string, Claim>()))
    own.set(text, claim)
  }
}
