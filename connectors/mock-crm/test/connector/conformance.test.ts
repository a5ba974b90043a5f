// Everything that the kit asks of a connector.
import { connectorSuite } from "@syncline/testkit/connector-suite"
import { conformance } from "../../conformance.ts"
import { mockCrm } from "../../src/index.ts"

connectorSuite(mockCrm, conformance)
