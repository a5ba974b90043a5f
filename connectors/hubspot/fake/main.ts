// The fake as a process: node connectors/hubspot/fake/main.ts --port 4030 --seed FILE
import { serveFake } from "@syncline/testkit/fake"
import { fake } from "./index.ts"

await serveFake(fake)
