import { connectorSuite } from "@syncline/testkit/connector-suite"
import { conformance } from "../conformance.ts"
import { postgres } from "../src/index.ts"

connectorSuite(postgres, conformance)
