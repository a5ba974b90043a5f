// The reference model passes its own suite.
import { createMemoryStore } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { storeSuite } from "../src/store-suite.ts"

storeSuite("the store in memory", () => Effect.sync(createMemoryStore), { durable: false })
