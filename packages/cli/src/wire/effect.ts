// Where effects become promises: the only such place in the command line. Expected trouble rejects with its tagged error.
import * as Effect from "effect/Effect"

export const perform = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)
