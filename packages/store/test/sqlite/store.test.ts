// SQLite keeps the store's port.
import { storeSuite } from "@syncline/testkit/store-suite"
import { join } from "node:path"
import { openSqliteStore } from "../../src/index.ts"

storeSuite("the store in SQLite", (dir) => openSqliteStore({ path: join(dir, "store.db") }))
