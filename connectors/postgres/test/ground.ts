// A server for a test file, ended with all that was opened on it.
import { FaultError, type Fault } from "@syncline/connector"
import pg from "pg"
import { afterAll, beforeAll } from "vitest"
import { stageOn, type Stage } from "./people.ts"
import { startServer, type Server } from "../fake/index.ts"

export interface Ground {
  readonly server: Server
  stage(name: string, table: Parameters<typeof stageOn>[2], top?: Parameters<typeof stageOn>[3]): Promise<Stage>
  /** One more connection to the database of a stage. */
  client(database: string): Promise<pg.Client>
}

export function ground(): Ground {
  let server: Server | null = null
  const stages: Stage[] = []
  const running = (): Server => {
    if (server === null) throw new Error("the server has not been started")
    return server
  }
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(async () => {
    for (const each of stages) await each.close()
    await server?.stop()
  })
  return {
    get server() {
      return running()
    },
    stage: async (name, table, top) => {
      const made = await stageOn(running(), name, table, top)
      stages.push(made)
      return made
    },
    client: async (database) => {
      const client = new pg.Client({ connectionString: running().url(database) })
      await client.connect()
      return client
    },
  }
}

/** What a call is refused with; null if it is not. */
export const faultIn = async (work: Promise<unknown>): Promise<Fault | null> => {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
}
