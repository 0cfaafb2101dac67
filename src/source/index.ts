import type { Capture, LoadedSources, SourceFiles } from '../adapter.ts'
import type { CaptureContext } from '../normalize/normalize.ts'
import { normalize } from '../normalize/normalize.ts'
import type { SessionData } from '../session/records.ts'

/** What the profiler says of how sources may be used. */
export interface SourceOptions {
  /** Whether the session may hold source text. */
  sourceText: () => boolean
  /** Runs synchronous work of the profiler itself. */
  uncounted: <T>(work: () => T) => T
}

/**
 * Makes the records of a session from a capture, in terms of what the user wrote as far as that can be read. The event
 * loop goes on between its steps.
 */
export async function normalizeWithSources(
  capture: Capture,
  context: CaptureContext,
  { sourceText, uncounted }: SourceOptions
): Promise<SessionData> {
  const { files } = capture
  const sources = files && (await loaded(capture, files, context, uncounted))
  await files?.breathe()
  const data = uncounted(() => normalize(capture, context, sources?.lookup))
  sources?.release()
  data.meta.notes.push(...(sources?.notes ?? []))
  await files?.breathe()
  if (!sources || !sourceText()) {
    return data
  }
  const { excerpts } = await import('./excerpts.ts')
  const texts = uncounted(() => excerpts(data, (file) => sources.text(file)))
  return texts.length > 0 ? { ...data, sources: texts } : data
}

async function loaded(
  capture: Capture,
  files: SourceFiles,
  { paths }: CaptureContext,
  uncounted: SourceOptions['uncounted']
): Promise<LoadedSources> {
  const { loadSources } = await files.load()
  return loadSources(capture, files, paths, uncounted)
}
