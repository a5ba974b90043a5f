// The fake as a process: node connectors/salesforce/fake/main.ts --port 4090 --seed FILE
import { serveFake } from "@syncline/testkit/fake"
import { fake } from "./index.ts"

await serveFake(fake)
