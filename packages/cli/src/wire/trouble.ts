// Trouble in words. Enters whatever was thrown, leaves one sentence, what to do next, and the exit code that fits.
import { EXIT } from "../exit.ts"
import { CliFailure } from "../failure.ts"
import { showTime } from "../render/moment.ts"
import { REPLACED } from "./owner.ts"

export function explainTrouble(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error
  const known = fields(error)
  const text = (name: string): string => (typeof known[name] === "string" ? known[name] : "")
  switch (known["_tag"]) {
    case "LeaseHeld": {
      if (known["owner"] === REPLACED)
        return new CliFailure(EXIT.attention, "This store file was replaced by a restore, so nothing writes to it any more.", {
          hint: "Start the command again. If it says this once more, the restore was interrupted: do it again.",
          cause: error,
        })
      const until =
        typeof known["until"] === "number" ? ` (its lease lasts until ${showTime(known["until"])} UTC unless it is renewed)` : ""
      return new CliFailure(EXIT.attention, `Another run is in progress: ${text("owner")}${until}.`, {
        hint: "Wait for it to end; nothing was changed by this one.",
        cause: error,
      })
    }
    case "StaleLease":
      return new CliFailure(EXIT.attention, "Another process has taken over this pipeline, so this one stopped writing.", {
        hint: "Nothing is lost; the other run goes on.",
        cause: error,
      })
    case "StoreError":
      return storeTrouble(text("reason"), text("message"), error)
  }
  if (error instanceof Error && error.name === "FaultError") {
    const fault = fields(known["fault"])
    const remote = ["auth", "transient", "rateLimited", "forbidden", "unknown"].includes(String(fault["class"]))
    return new CliFailure(remote ? EXIT.unreachable : EXIT.internal, error.message, {
      hint: "Find out more with: syncline check",
      cause: error,
    })
  }
  const code = known["code"]
  if (error instanceof Error && typeof code === "string" && typeof known["path"] === "string") {
    const words: Readonly<Record<string, string>> = {
      ENOENT: "is not there",
      EACCES: "may not be read or written",
      EISDIR: "is a folder",
      ENOSPC: "cannot be written: the disk is full",
      EROFS: "is on a read-only disk",
    }
    if (words[code] !== undefined) return new CliFailure(EXIT.usage, `${known["path"]} ${words[code]}.`, { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  return new CliFailure(EXIT.internal, `Something went wrong inside syncline: ${message.split("\n")[0]}`, {
    hint: "Nothing that was stored is lost. SYNCLINE_DEBUG=1 shows the details.",
    cause: error,
  })
}

function storeTrouble(reason: string, message: string, cause: unknown): CliFailure {
  switch (reason) {
    case "locked":
      return new CliFailure(EXIT.attention, `The store is in use by another process: ${message}`, {
        hint: "Try again when it has ended.",
        cause,
      })
    case "version":
      return new CliFailure(EXIT.usage, `The store was written by another version of syncline: ${message}`, { cause })
    case "full":
      return new CliFailure(EXIT.internal, `The disk is full: ${message}`, {
        hint: "Make room and run again; nothing that was stored is lost.",
        cause,
      })
    case "corrupt":
      return new CliFailure(EXIT.usage, `The store cannot be used: ${message}`, {
        hint: "With a backup: syncline restore FILE --from BACKUP. Without one: move it away, and the next run matches everything anew by its keys. The systems themselves are untouched.",
        cause,
      })
    default:
      return new CliFailure(EXIT.usage, `The store cannot be used: ${message}`, { cause })
  }
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(
        ["_tag", "owner", "until", "reason", "message", "code", "path", "fault", "class"].map((name) => [name, Reflect.get(value, name)]),
      )
    : {}
