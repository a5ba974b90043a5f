// The fake as a process: node connectors/keap/fake/main.ts --port 4100 --seed FILE
import { serveFake } from "@syncline/testkit/fake"
import { fake } from "./index.ts"

await serveFake(fake)
