import { manifestConnector } from "@syncline/testkit/connector"
import { connectorSuite } from "@syncline/testkit/connector-suite"
import { conformance } from "../conformance.ts"

connectorSuite(manifestConnector(new URL("../keap.connector.yaml", import.meta.url)), conformance)
