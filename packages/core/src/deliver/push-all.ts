// Sends intents that were opened beside ordinary delivery, per binding and kind, in batches as large as the system takes.
import * as Effect from "effect/Effect"
import type { Entity } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import { pushIntents } from "./push.ts"
import type { Session } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { withoutNews } from "./withdraw.ts"

export const pushAll = (session: Session, entity: Entity, intents: readonly Intent[]): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.forEach(
    entity.bindings,
    (binding) =>
      Effect.gen(function* () {
        for (const kind of ["create", "update", "delete"] as const) {
          const own = intents.filter((intent) => intent.binding === binding.key && intent.kind === kind)
          const max = binding.spec.write[kind]?.max ?? 1
          for (let at = 0; at < own.length; at += max) {
            const batch = own.slice(at, at + max)
            // what an undo takes back may have been edited since; a person who asked to be forgotten is, whatever it shows
            const due = batch.some(({ undoes }) => undoes !== undefined) ? yield* withoutNews(session, entity, batch) : batch
            if (due.length > 0) yield* pushIntents(session, entity, binding, due)
          }
        }
      }),
    { concurrency: "unbounded", discard: true },
  )
