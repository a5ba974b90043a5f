// A pipeline ready to run: compiled, its store open, its systems at hand. Closed whatever happens.
import type { Pipeline, Progress } from "@syncline/core"
import type { Screen } from "../screen/screen.ts"
import { perform } from "./effect.ts"
import type { Located } from "./locate.ts"
import { loadPipeline } from "./pipeline.ts"
import { openSession, type Session } from "./session.ts"
import { openForPlanning, openForWriting, storePath } from "./store.ts"

export interface Opened {
  readonly located: Located
  readonly pipeline: Pipeline
  readonly session: Session
  readonly storePath: string
}

export async function withSession<T>(
  screen: Screen,
  located: Located,
  options: { readonly store?: string; readonly writing: boolean; readonly progress?: (event: Progress) => void },
  act: (opened: Opened) => Promise<T>,
): Promise<T> {
  const pipeline = await loadPipeline(screen, located)
  const path = storePath(screen, located, pipeline.name, options.store)
  const store = await (options.writing ? openForWriting(path) : openForPlanning(path))
  let session: Session
  try {
    session = await openSession(screen, pipeline, store, located, options.progress)
  } catch (error) {
    await perform(store.close())
    throw error
  }
  try {
    return await act({ located, pipeline, session, storePath: path })
  } finally {
    await session.close()
  }
}
