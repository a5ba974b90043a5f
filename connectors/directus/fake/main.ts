// The fake as a process: node connectors/directus/fake/main.ts --port 4070 --seed FILE
import { serveFake } from "@syncline/testkit/fake"
import { fake } from "./index.ts"

await serveFake(fake)
