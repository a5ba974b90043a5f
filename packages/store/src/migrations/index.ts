// All layouts in order: the number of a migration is its place in this list, and a store's version is how many it has.
// A migration that was released is never edited; the next one is added below it.
import { first } from "./0001-first.ts"
import { forgotten } from "./0002-forgotten.ts"
import { doubted } from "./0003-doubted.ts"
import { person } from "./0004-person.ts"

export const migrations: readonly string[] = [first, forgotten, doubted, person]
