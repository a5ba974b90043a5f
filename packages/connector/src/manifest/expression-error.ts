// An expression of a manifest that could not be worked out on what a system sent or the engine asked for.
import { FaultError } from "../fault.ts"

/** A fault of class `invalid` that names the place in the manifest, so that nobody has to guess whose mistake it is. */
export class ExpressionError extends FaultError {
  constructor(place: string, why: string) {
    super({ class: "invalid", message: `The manifest's ${place}: ${why}.` })
    this.name = "ExpressionError"
  }
}
