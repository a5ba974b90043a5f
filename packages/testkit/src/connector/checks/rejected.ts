// What became of a call that is expected to fail: its fault, or a failure of the check where it succeeded or threw
// something that the engine cannot read.
import { FaultError, type Fault, type FaultClass } from "@syncline/connector"
import { Failure, must, show } from "../check.ts"

export async function faultOf(work: () => Promise<unknown>, what: string): Promise<Fault> {
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    if (error instanceof Failure) throw error
    throw new Failure(`${what} ends in ${error instanceof Error ? `${error.name}: ${error.message}` : show(error)}, not in a fault`)
  }
  throw new Failure(`${what} succeeds: ${show(result)}`)
}

export function mustBe(fault: Fault, classes: readonly FaultClass[], what: string): void {
  must(
    classes.includes(fault.class),
    () => `${what} is "${fault.class}" (${fault.message}), not ${classes.map((each) => `"${each}"`).join(" or ")}`,
  )
}
