// The links of a step, found by id, by record, by remote id and by secondary id.
import type { Link } from "../model/link.ts"

const remoteKey = (binding: string, remoteId: string): string => `${binding}\n${remoteId}`

export class LinkIndex {
  private readonly byId = new Map<string, Link>()
  private readonly byRecord = new Map<string, Map<string, Link>>()
  private readonly byRemote = new Map<string, string>()
  private readonly bySecondary = new Map<string, string>()

  get(id: string): Link | undefined {
    return this.byId.get(id)
  }
  rows(): ReadonlyMap<string, Link> {
    return this.byId
  }
  ofRecord(recordId: string): readonly Link[] {
    const links = this.byRecord.get(recordId)
    return links === undefined ? [] : [...links.values()]
  }
  remote(binding: string, remoteId: string): Link | undefined {
    const id = this.byRemote.get(remoteKey(binding, remoteId))
    return id === undefined ? undefined : this.byId.get(id)
  }
  secondary(binding: string, secondaryId: string): Link | undefined {
    const id = this.bySecondary.get(remoteKey(binding, secondaryId))
    return id === undefined ? undefined : this.byId.get(id)
  }
  put(link: Link): void {
    this.drop(link.id)
    this.byId.set(link.id, link)
    let siblings = this.byRecord.get(link.recordId)
    if (siblings === undefined) this.byRecord.set(link.recordId, (siblings = new Map<string, Link>()))
    siblings.set(link.id, link)
    if (link.remoteId !== null) this.byRemote.set(remoteKey(link.binding, link.remoteId), link.id)
    if (link.secondaryId !== null) this.bySecondary.set(remoteKey(link.binding, link.secondaryId), link.id)
  }
  drop(id: string): void {
    const link = this.byId.get(id)
    if (link === undefined) return
    this.byId.delete(id)
    this.byRecord.get(link.recordId)?.delete(id)
    // another link may have taken over the remote id meanwhile
    const forget = (index: Map<string, string>, remote: string | null): void => {
      if (remote !== null && index.get(remoteKey(link.binding, remote)) === id) index.delete(remoteKey(link.binding, remote))
    }
    forget(this.byRemote, link.remoteId)
    forget(this.bySecondary, link.secondaryId)
  }
}
