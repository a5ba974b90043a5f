// The conformance suite of the store's port: what every engine must do, told as facts. A new engine's whole test is one
// call. In: a name, and how to open a store in a directory. Each test has a directory and a store of its own.
import { describe } from "vitest"
import { deliveryFacts } from "./store/delivery-facts.ts"
import { forgetFacts } from "./store/forget-facts.ts"
import { leaseFacts } from "./store/lease-facts.ts"
import { lifetimeFacts } from "./store/lifetime-facts.ts"
import { pageFacts } from "./store/page-facts.ts"
import { peopleFacts } from "./store/people-facts.ts"
import { stand } from "./store/stand.ts"
import type { OpenStore } from "./store/stand.ts"
import { textFacts } from "./store/text-facts.ts"

export interface StoreTraits {
  /** Whether what is committed outlives the process. */
  readonly durable: boolean
}

export function storeSuite(name: string, open: OpenStore, { durable }: StoreTraits = { durable: true }): void {
  describe(name, () => {
    const ground = stand(open)
    describe("lease", () => leaseFacts(ground))
    describe("page", () => pageFacts(ground))
    describe("delivery", () => deliveryFacts(ground))
    describe("people", () => peopleFacts(ground))
    describe("forgetting", () => forgetFacts(ground))
    describe("odd texts", () => textFacts(ground))
    describe("lifetime", () => lifetimeFacts(ground, durable))
  })
}
