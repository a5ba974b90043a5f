// Writes that were begun together and not sent yet, of items that showed something new meanwhile: they are withdrawn, so that
// nothing is written over that was shown. In: writes about to be sent. Out: those that still may be.
import * as Effect from "effect/Effect"
import type { Intent } from "../model/intent.ts"
import type { Entity } from "../model/pipeline.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { textOfWrite } from "./only-planned.ts"
import { takeBack } from "./take-back.ts"

export const withoutNews = (
  session: Session,
  entity: Entity,
  intents: readonly Intent[],
): Effect.Effect<readonly Intent[], StoreError | StaleLease> => {
  const noticed = intents.filter((intent) => session.noticed.has(intent.linkId))
  if (noticed.length === 0) return Effect.succeed(intents)
  const load = session.engine.store.loadRecords([...new Set(noticed.map((intent) => intent.recordId))])
  return step(session, entity, load, (draft) => {
    // what a page took in since it was noticed is no news any more
    const news = noticed.filter(({ linkId }) => draft.link(linkId)?.rereadAt !== null)
    for (const intent of news) {
      draft.closeIntent(intent)
      takeBack(draft, intent)
      // it is owed as before, and composed anew once the item was read
      session.tried.add(intent.linkId)
      session.only?.giveBack(intent)
      const said = textOfWrite(intent)
      const planned = session.planned?.findLastIndex((write) => textOfWrite(write) === said) ?? -1
      if (planned >= 0) session.planned?.splice(planned, 1)
    }
    return intents.filter((intent) => !news.includes(intent))
  })
}
