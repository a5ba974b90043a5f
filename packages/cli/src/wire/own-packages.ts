// Connectors and fakes may lie anywhere: where their own surroundings do not know Syncline's packages, they are taken from here,
// so that a folder that was just written works at once, and everybody shares one FaultError.
import { registerHooks } from "node:module"

let registered = false

export function shareOwnPackages(): void {
  if (registered) return
  registered = true
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        if (!specifier.startsWith("@syncline/")) throw error
        return next(specifier, { ...context, parentURL: import.meta.url })
      }
    },
  })
}
