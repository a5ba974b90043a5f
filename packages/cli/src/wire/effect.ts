// Where effects become promises: the only such place in the command line. Expected trouble rejects with its tagged error;
// a signal that fires interrupts the effect, which lets go of what it holds (the lease) before it ends.
import * as Effect from "effect/Effect"

export const perform = <A, E>(effect: Effect.Effect<A, E>, signal?: AbortSignal): Promise<A> =>
  Effect.runPromise(effect, signal === undefined ? {} : { signal })
