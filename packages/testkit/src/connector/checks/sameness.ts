// One item is the same item, whichever way it is read.
import { type Check, must, show, Skip } from "../check.ts"
import { items, lookup, wire } from "../needs.ts"
import { make } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { at, same } from "../stand/paths.ts"
import { lastOf, scan, upsertOf } from "../stand/scan.ts"
import { exchangedId } from "../wire/tamper.ts"

const largeIds: Check = {
  name: "ids-keep-their-digits",
  area: "read",
  says: "an id of more digits than a number holds is passed on digit by digit, as a text",
  scope: "resource",
  needs: [wire, items],
  run: async (stand) => {
    const { wire: line, spec } = stand
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    await lag(stand, "delta")
    const big = "90071992547409931"
    const mode = spec.read.snapshot ? "snapshot" : "delta"
    let exchanged = 0
    line.rule(({ purpose }) =>
      purpose === "token"
        ? null
        : {
            do: "change",
            says: `the id ${made.id} became ${big}`,
            with: (whole) => {
              const body = exchangedId(whole.body, made.id, big)
              if (body !== whole.body) exchanged++
              return { ...whole, body }
            },
          },
    )
    const { changes } = await scan(stand, stand.connector, mode, null)
    line.rule(null)
    if (exchanged === 0) throw new Skip("its ids do not stand in the answers as they are told")
    if (upsertOf(changes, made.id) !== undefined) throw new Skip("its ids are made by the connector")
    must(
      upsertOf(changes, big) !== undefined,
      () =>
        `an item with the id ${big} is told as ${show(changes.map(({ id }) => id).find((id) => id.startsWith("9007199254740")) ?? "nobody")}`,
    )
  },
}

const agree: Check = {
  name: "lookup-agrees-with-pull",
  area: "read",
  says: "a lookup and a scan show one item in the same way, with the same version",
  scope: "resource",
  needs: [lookup("id"), items],
  run: async (stand) => {
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    await lag(stand, "delta")
    const { changes } = await scan(stand, stand.connector, stand.spec.read.snapshot ? "snapshot" : "delta", null)
    const read = lastOf(changes, made.id)
    must(read?.kind === "upsert", `a scan does not show ${made.id}`)
    const [answered] = await stand.connector.lookup(stand.resource, "id", [made.id])
    must(
      answered !== undefined && "found" in answered && answered.found.kind === "upsert",
      () => `a lookup of ${made.id} answers ${show(answered)}`,
    )
    must(
      same(answered.found.item, read.item),
      () => `a lookup shows ${show(answered.found.kind === "upsert" ? answered.found.item : null)}, a scan ${show(read.item)}`,
    )
    must(answered.found.version === read.version, `a lookup says version ${show(answered.found.version)}, a scan ${show(read.version)}`)
    must(
      answered.found.secondary === read.secondary,
      `a lookup says the secondary id ${show(answered.found.secondary)}, a scan ${show(read.secondary)}`,
    )
    if (stand.spec.id.secondary !== undefined)
      must(
        read.secondary === String(at(read.item, stand.spec.id.secondary)),
        `the secondary id ${show(read.secondary)} is not what ${stand.spec.id.secondary} holds`,
      )
  },
}

export const samenessChecks: readonly Check[] = [largeIds, agree]
