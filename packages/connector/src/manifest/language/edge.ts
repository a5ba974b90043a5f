// Edges: lists of what an item belongs to, read beside it and written one by one or as a whole.
import { as, either, object, optional, record, required, text, whole, word, yesNo, type Shape } from "../../language/index.ts"
import type { EdgeRead, EdgeSpec, EdgeWrite, NamesSpec } from "../spec/index.ts"
import { PLACES } from "./names.ts"
import { inShort, request } from "./request.ts"
import { next } from "./scan.ts"
import { condition, worked } from "./value.ts"

const read: Shape<EdgeRead> = as(
  object("reading of an edge", "How the list is read where the item does not carry it.", {
    request: required(request(PLACES.edgeRequest, { safe: true }), "Asks for the edges of owner (one), or of owners (as many as max)."),
    max: optional(whole({ expects: "a whole number above 0", min: 1 }), "Owners per request; 1, unless said."),
    next: optional(next(PLACES.edgeAnswer, PLACES.edgeElement), "How the next page is found."),
    each: required(worked(PLACES.edgeAnswer, "=res.body.results"), "The list of elements: edges, or owners with their edges."),
    owner: optional(worked(PLACES.edgeElement, "=edge.from.id"), "Which owner an element belongs to; needed where max is above 1."),
    value: required(worked(PLACES.edgeElement, "=edge.name"), "What stands in the item's list; one value or a list of them."),
    keep: optional(condition(PLACES.edgeElement, '=edge.type == "static"'), "Elements of which it does not hold are left out."),
  }),
  ({ fields, node }, report) => {
    const { request: sent, each, value } = fields
    if (sent === undefined || each === undefined || value === undefined) return undefined
    const max = fields.max?.value ?? 1
    if (max > 1 && fields.owner === undefined)
      report.error(
        node.entries[0]?.keyAt ?? node.at,
        "edges of several owners are read at once, but nothing says whose they are",
        "add owner: =edge.…",
      )
    return {
      request: sent,
      max,
      next: fields.next ?? { kind: "none", more: null },
      each,
      owner: fields.owner ?? null,
      value,
      keep: fields.keep ?? null,
    }
  },
)

const write: Shape<EdgeWrite> = as(
  object("writing of an edge", "How elements of the list are written.", {
    request: required(request(PLACES.edgeWrite, { safe: false }), "Writes value (one), or values (as many as max), of owner."),
    max: optional(whole({ expects: "a whole number above 0", min: 1 }), "Values per request; 1, unless said."),
  }),
  ({ fields }) => fields.request && { request: fields.request, max: fields.max?.value ?? 1 },
)

const names: Shape<NamesSpec> = as(
  object("names", "Ids of what people know by name.", {
    request: required(request(PLACES.namesRequest, { safe: true }), "Asks for all of them."),
    next: optional(next(PLACES.namesAnswer, PLACES.namesElement), "How the next page is found."),
    each: required(worked(PLACES.namesAnswer, "=res.body.tags"), "The list of elements."),
    name: required(worked(PLACES.namesElement, "=edge.name"), "The name of an element."),
    id: required(worked(PLACES.namesElement, "=edge.id"), "The id of an element."),
    create: optional(
      object("create", "Makes one that is missing.", {
        request: required(request(PLACES.namesRequest, { safe: false }), "Makes name."),
        id: required(worked(PLACES.namesAnswer, "=res.body.id"), "Its id."),
      }),
      "Makes one that is missing; without it, an unknown name is refused.",
    ),
  }),
  ({ fields }) => {
    const { request: sent, each, name, id } = fields
    if (sent === undefined || each === undefined || name === undefined || id === undefined) return undefined
    const make = fields.create?.fields
    const create = make?.request === undefined || make.id === undefined ? null : { request: make.request, id: make.id }
    return { request: sent, next: fields.next ?? { kind: "none", more: null }, each, name, id, create }
  },
)

const inline = either<EdgeSpec["inline"]>("true, false or create", [
  as(yesNo(), (found): EdgeSpec["inline"] => (found.value ? "always" : "never")),
  as(word("way", ["create"]), (): EdgeSpec["inline"] => "create"),
])

const edge: Shape<Omit<EdgeSpec, "field">> = as(
  object("an edge", "A list in the item: tags, memberships, associations.", {
    read: optional(read, "How it is read; without this the item carries it."),
    link: optional(inShort(write), "Adds elements."),
    unlink: optional(inShort(write), "Takes elements away."),
    replace: optional(inShort(write), "Writes the whole list: values. Used where there is no link and unlink."),
    inline: optional(
      inline,
      "The list is written with the item, like every other field: true, false, or create, where only a create takes it; false, unless said.",
    ),
    names: optional(names, "The list holds names, the system wants ids: how they are found."),
  }),
  ({ fields }) => ({
    read: fields.read ?? null,
    link: fields.link ?? null,
    unlink: fields.unlink ?? null,
    replace: fields.replace ?? null,
    inline: fields.inline ?? "never",
    names: fields.names ?? null,
  }),
)

export const edges = record(edge, {
  what: "edges",
  doc: "Path in the item -> the edge that stands there as a list.",
  key: { pattern: /^(?!.*__proto__)[^\s.]+(?:\.[^\s.]+){0,9}$/, expects: "a path in the item, as tags" },
})

export const parent = object("a parent", "The resource is read below each item of another one.", {
  resource: required(
    text({ expects: "the name of a resource of this manifest" }),
    "Whose items it is read below: parent.id in requests. Its own ids are then parent/id.",
  ),
  field: optional(text({ expects: "a path in the item, as listId" }), "Where the item names its parent: a new one is made below that one."),
})
