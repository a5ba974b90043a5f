// The fake as a process: node connectors/ghost/fake/main.ts --port 4080 --seed FILE
import { serveFake } from "@syncline/testkit/fake"
import { fake } from "./index.ts"

await serveFake(fake)
