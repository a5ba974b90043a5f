// Faults in reading: items lost, doubled, misnamed or told as deleted.
import { FaultError, isObject, type Change, type Cursor, type Json } from "@syncline/connector"
import { calling, pulling, sending, type Plant, type PlantedFault } from "./plant.ts"

const member = (cursor: Cursor, name: string): Json | undefined => (isObject(cursor) ? cursor[name] : undefined)

const changing = (change: (one: Change) => Change | null): Plant =>
  pulling((page) => ({ ...page, changes: page.changes.flatMap((each) => change(each) ?? []) }))

/** In scans and lookups alike. */
const everywhere = (change: (one: Change) => Change): Plant =>
  calling((good) => ({
    pull: async (resource, request, options) => {
      const page = await good.pull(resource, request, options)
      return { ...page, changes: page.changes.map(change) }
    },
    lookup: async (resource, by, values, options) =>
      ((await good.lookup?.(resource, by, values, options)) ?? []).map((one) => {
        if (!("found" in one)) return one
        const found = change(one.found)
        return found.kind === "upsert" || found.kind === "delete" ? { found } : one
      }),
  }))

/** Later pages of a scan, by a cursor that only this instance understands. */
const inMemory: Plant = calling((good) => {
  const places: Cursor[] = []
  return {
    pull: async (resource, request, options) => {
      const place = member(request.cursor, "place")
      const cursor = typeof place === "number" ? (places[place] ?? null) : request.cursor
      const page = await good.pull(resource, { ...request, cursor }, options)
      return page.more ? { ...page, next: { place: places.push(page.next) - 1 } } : page
    },
  }
})

export const readFaults: readonly PlantedFault[] = [
  {
    fault: "a snapshot ends before its last page",
    check: "snapshot-each-once",
    in: "crm",
    plant: pulling(async (page, request, pull) => {
      if (request.mode !== "snapshot" || !page.more) return page
      const following = await pull({ ...request, cursor: page.next })
      return following.more ? page : { ...following, changes: page.changes }
    }),
  },
  {
    fault: "the last item of a page is also the first of the next",
    check: "snapshot-each-once",
    in: "crm",
    plant: calling((good) => {
      let last: Change | undefined
      return {
        pull: async (resource, request, options) => {
          const page = await good.pull(resource, request, options)
          const again = request.cursor !== null && last !== undefined && request.mode === "snapshot" ? [last] : []
          last = page.changes.at(-1)
          return { ...page, changes: [...again, ...page.changes] }
        },
      }
    }),
  },
  {
    fault: "a finished snapshot is not complete",
    check: "snapshot-each-once",
    in: "email",
    plant: pulling((page) => ({ ...page, complete: false })),
  },
  {
    fault: "a full page loses its last item",
    check: "page-size-means-nothing",
    in: "crm",
    plant: pulling((page, { limit }) =>
      page.changes.length === limit && limit > 1 ? { ...page, changes: page.changes.slice(0, -1) } : page,
    ),
  },
  {
    fault: "it reads the first page again and again",
    check: "page-size-means-nothing",
    in: "crm",
    plant: calling((good) => ({ pull: (resource, request, options) => good.pull(resource, { ...request, cursor: null }, options) })),
  },
  {
    fault: "its cursors hold dates",
    check: "cursor-is-json",
    in: "email",
    plant: pulling((page) => ({
      ...page,
      next: (isObject(page.next) ? { ...page.next, read: new Date(0) } : page.next) as unknown as Cursor,
    })),
  },
  { fault: "it knows only in memory where a scan goes on", check: "restart-between-pages", in: "crm", plant: inMemory },
  {
    fault: "it remembers one place for all scans",
    check: "scans-side-by-side",
    in: "crm",
    plant: calling((good) => {
      let place: Cursor = null
      return {
        pull: async (resource, request, options) => {
          const page = await good.pull(resource, request.cursor === null ? request : { ...request, cursor: place }, options)
          place = page.next
          return page
        },
      }
    }),
  },
  {
    fault: "a lookup is sent as a write",
    check: "reading-writes-nothing",
    in: "crm",
    plant: sending((request, send) => send({ ...request, safe: false })),
  },
  {
    fault: "a page can be read only once",
    check: "replay-is-harmless",
    in: "crm",
    plant: calling((good) => {
      const read = new Set<string>()
      return {
        pull: async (resource, request, options) => {
          const page = await good.pull(resource, request, options)
          const name = JSON.stringify([request.mode, request.cursor])
          if (request.cursor !== null && read.has(name)) return { ...page, changes: [] }
          read.add(name)
          return page
        },
      }
    }),
  },
  {
    fault: "a page that fails is taken for the end",
    check: "incomplete-never-complete",
    in: "crm",
    plant: calling((good) => ({
      pull: async (resource, request, options) => {
        try {
          return await good.pull(resource, request, options)
        } catch (error) {
          if (request.cursor === null || !(error instanceof FaultError) || error.fault.class === "cursorExpired") throw error
          return { changes: [], next: { scan: "delta", since: 0 }, more: false, complete: true }
        }
      },
    })),
  },
  {
    fault: "a 404 in the middle of a scan is taken for the end",
    check: "incomplete-never-complete",
    in: "email",
    plant: sending(async (request, send) => {
      const answer = await send({ ...request, accept: [404] })
      return answer.status === 404 && request.method === "GET"
        ? { status: 200, headers: { date: new Date().toUTCString() }, body: { members: [], total_items: 0 } }
        : answer
    }),
  },
  {
    fault: "a page without items is taken for the end",
    check: "empty-page-goes-on",
    in: "crm",
    plant: pulling((page, request) =>
      page.changes.length === 0 && page.more
        ? { ...page, more: false, complete: true, next: { scan: "delta", since: member(page.next, "since") ?? 0 } }
        : request.limit > 0
          ? page
          : page,
    ),
  },
  {
    fault: "it refuses items with a member that it does not know",
    check: "unknown-fields-tolerated",
    in: "crm",
    plant: pulling((page) => {
      const strange = page.changes.find((each) => each.kind === "upsert" && Object.keys(each.item).some((name) => name.startsWith("zz_")))
      if (strange !== undefined) throw new FaultError({ class: "invalid", message: "A contact has a member that is not known." })
      return page
    }),
  },
  {
    fault: "its delta cursor is the time of its own clock",
    check: "own-clock-means-nothing",
    in: "email",
    plant: pulling((page, _request, _pull, { now }) => (page.more ? page : { ...page, next: { since: new Date(now()).toISOString() } })),
  },
  {
    fault: "the next delta begins after the second in which this one ended",
    check: "edit-right-after-a-pull",
    in: "email",
    plant: pulling((page) =>
      page.more ? page : { ...page, next: { since: new Date(Math.ceil((Date.parse(page.asOf ?? "") + 1) / 1000) * 1000).toISOString() } },
    ),
  },
  {
    fault: "pages of a delta go on after the last item's time",
    check: "equal-times-across-pages",
    in: "email",
    plant: pulling((page, request) => {
      const last = page.changes.at(-1)
      if (request.mode !== "delta" || !page.more || last?.at === undefined) return page
      return { ...page, next: { since: new Date(Date.parse(last.at) + 1000).toISOString() } }
    }),
  },
  {
    fault: "a snapshot's delta cursor is where the log ends when the snapshot does",
    check: "change-during-paging",
    in: "crm",
    plant: calling((good, { http }) => ({
      pull: async (resource, request, options) => {
        const page = await good.pull(resource, request, options)
        if (request.mode !== "snapshot" || page.more) return page
        const { body } = await http.request({ method: "GET", path: "/changes/head" })
        return { ...page, next: { scan: "delta", since: isObject(body) ? (body["seq"] ?? 0) : 0 } }
      },
    })),
  },
  {
    fault: "its offsets move up when somebody is deleted",
    check: "delete-during-paging",
    in: "email",
    plant: calling((good) => ({
      pull: async (resource, request, options) => {
        const page = await good.pull(resource, request, options)
        return isObject(page.next) && page.more ? { ...page, next: { ...page.next, anchor: null } } : page
      },
    })),
  },
  {
    fault: "a delta does not tell of edits, only of what is new",
    check: "delta-tells-changes",
    in: "crm",
    plant: pulling((page, request) =>
      request.mode === "delta" && request.cursor !== null
        ? { ...page, changes: page.changes.filter((each) => each.kind !== "upsert" || each.version === "1") }
        : page,
    ),
  },
  {
    fault: "a cursor that it does not know starts from now",
    check: "expired-cursor",
    in: "crm",
    plant: calling((good) => ({
      pull: async (resource, request, options) => {
        try {
          return await good.pull(resource, request, options)
        } catch (error) {
          if (!(error instanceof FaultError) || error.fault.class !== "cursorExpired") throw error
          return { changes: [], next: { scan: "delta", since: 0 }, more: false, complete: true }
        }
      },
    })),
  },
  { fault: "every item has the same version", check: "versions-move", in: "crm", plant: everywhere((each) => ({ ...each, version: "1" })) },
  {
    fault: "every field has the time of the item",
    check: "versions-move",
    in: "crm",
    plant: everywhere((one) =>
      one.fieldTimes === undefined
        ? one
        : { ...one, fieldTimes: Object.fromEntries(Object.keys(one.fieldTimes).map((path) => [path, one.at ?? ""])) },
    ),
  },
  {
    fault: "ids go through a number",
    check: "ids-keep-their-digits",
    in: "crm",
    plant: changing((each) => (/^\d+$/.test(each.id) ? { ...each, id: String(Number(each.id)) } : each)),
  },
]
