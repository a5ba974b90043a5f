// The fake as a process: node connectors/mailchimp/fake/main.ts --port 4040 --seed FILE
import { serveFake } from "@syncline/testkit/fake"
import { fake } from "./index.ts"

await serveFake(fake)
