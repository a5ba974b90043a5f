// Every story in `examples/`, told by the command line that users have.
import { fileURLToPath } from "node:url"
import { storySuite } from "@syncline/testkit/story-suite"

storySuite(fileURLToPath(new URL("../../../examples", import.meta.url)))
