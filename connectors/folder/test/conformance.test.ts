import { connectorSuite } from "@syncline/testkit/connector-suite"
import { conformance } from "../conformance.ts"
import { folder } from "../src/index.ts"

connectorSuite(folder, conformance)
