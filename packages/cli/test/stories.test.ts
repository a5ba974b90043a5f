// Stories of what goes wrong and is put right, told by the command line that users have.
import { fileURLToPath } from "node:url"
import { storySuite } from "@syncline/testkit/story-suite"

storySuite(fileURLToPath(new URL("./stories", import.meta.url)))
