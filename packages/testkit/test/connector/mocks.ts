// The mocks' own conformance files lie in their folders, which tests of other packages do not reach into: they are loaded
// by path, as the command line loads them.
import { fileURLToPath } from "node:url"
import { loadConformance } from "../../src/connector/index.ts"

const folder = (name: string): string => fileURLToPath(new URL(`../../../../connectors/${name}`, import.meta.url))

export const crm = await loadConformance(folder("mock-crm"))
export const email = await loadConformance(folder("mock-email"))
