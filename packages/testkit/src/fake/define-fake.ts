// From a description to a running server. Enters what the API does, leaves a fake that can be started any number of times,
// each with a state of its own. Order of judgement: ordered trouble, credentials, concurrency, rate windows, route.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Json, JsonObject } from "@syncline/connector"
import { createClock, type Clock } from "./clock.ts"
import type { FakeAnswer, FakeRequest } from "./exchange.ts"
import { createFaults, type Faults } from "./faults.ts"
import type { FakePeople } from "./people.ts"
import { createRequestLog, type LoggedRequest } from "./request-log.ts"
import type { Routes } from "./router.ts"
import { createListener } from "./serve.ts"
import type { RateWindow, WindowUsage } from "./windows.ts"

export interface FakeParts {
  readonly clock: Clock
  /** Where the server listens, once it does: for answers that carry addresses of their own. */
  readonly url: () => string
  /** As given to `start`. */
  readonly settings: JsonObject
}

/** What one server is. */
export interface FakeBuild<World> {
  readonly world: World
  readonly routes: Routes
  /** Credentials: an answer refuses the request. */
  readonly gate?: (request: FakeRequest) => FakeAnswer | undefined
  readonly windows?: readonly RateWindow[]
  /** The answer when a window is full, or when `rate-limit` is ordered. A plain 429 by default. */
  readonly tooMany?: (window: WindowUsage) => FakeAnswer
  /** Requests at once. */
  readonly concurrency?: { readonly max: number; readonly refuse: FakeAnswer }
  /** Headers of every answer, from the windows that counted the request. */
  readonly headers?: (usage: readonly WindowUsage[]) => Readonly<Record<string, string>>
  /** The API's own 404 for a path that it does not have. */
  readonly notFound?: (request: FakeRequest) => FakeAnswer
  readonly faultKinds?: readonly string[]
  readonly people?: FakePeople
  /** Takes what a seed file holds; throws an Error that says what is wrong with it. */
  readonly seed?: (file: Json) => void
  /** `POST /admin/NAME`. */
  readonly admin?: Readonly<Record<string, (body: JsonObject) => Json>>
}

export interface FakeSpec<World> {
  /** As the connector's folder. */
  readonly name: string
  readonly title: string
  /** Names as in the connector's `config`. They are public. */
  readonly credentials: Readonly<Record<string, string>>
  readonly build: (parts: FakeParts) => FakeBuild<World>
}

export interface FakeOptions {
  /** 0, the default: any free one. */
  readonly port?: number
  /** Parsed JSON of a seed file. */
  readonly seed?: Json
  readonly settings?: JsonObject
  /** Epoch ms; the machine's clock by default. */
  readonly now?: () => number
}

export interface RunningFake<World> {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly credentials: Readonly<Record<string, string>>
  readonly world: World
  readonly clock: Clock
  readonly faults: Faults
  readonly people: FakePeople | undefined
  requests(): readonly LoggedRequest[]
  clearRequests(): void
  close(): Promise<void>
}

export interface Fake<World> {
  readonly name: string
  readonly title: string
  readonly credentials: Readonly<Record<string, string>>
  start(options?: FakeOptions): Promise<RunningFake<World>>
}

export const defineFake = <World>({ name, title, credentials, build }: FakeSpec<World>): Fake<World> => ({
  name,
  title,
  credentials,
  async start({ port = 0, seed, settings = {}, now = Date.now } = {}) {
    const clock = createClock(now)
    const log = createRequestLog()
    let url = ""
    const built = build({ clock, url: () => url, settings })
    if (seed !== undefined) {
      if (built.seed === undefined) throw new Error(`${title} takes no seed`)
      built.seed(seed)
    }
    const faults = createFaults(clock.now, built.faultKinds ?? [])
    const { listener, stop } = createListener(built, { clock, faults, log })
    const server = createServer(listener)
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject)
      server.listen(port, "127.0.0.1", resolve)
    })
    // a server that listens on a port has an address with one
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return {
      url,
      credentials,
      world: built.world,
      clock,
      faults,
      people: built.people,
      requests: log.all,
      clearRequests: log.clear,
      close: async () => {
        stop()
        await new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
      },
    }
  },
})
