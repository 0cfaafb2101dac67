import type { Capture, LoadedSources } from '../adapter.ts'
import type { CaptureContext } from '../normalize/normalize.ts'
import { normalize } from '../normalize/normalize.ts'
import type { Turns } from '../normalize/steps.ts'
import { inTurns } from '../normalize/steps.ts'
import type { SessionData } from '../session/records.ts'

/** What the profiler says of how sources may be used. */
export interface SourceOptions {
  /** Whether the session may hold source text. */
  sourceText: () => boolean
  uncounted: Turns['uncounted']
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
  const turns: Turns = { uncounted, breathe: files && (() => files.breathe()) }
  const sources = await loaded(capture, context, uncounted)
  await turns.breathe?.()
  const data = await inTurns(normalize(capture, context, sources?.lookup), turns)
  sources?.release()
  data.meta.notes.push(...(sources?.notes ?? []))
  await turns.breathe?.()
  if (!sources || !sourceText()) {
    return data
  }
  const { excerpts } = await import('./excerpts.ts')
  const texts = uncounted(() => excerpts(data, (file) => sources.text(file)))
  return texts.length > 0 ? { ...data, sources: texts } : data
}

/** Without sources a profile is worth having as well: it then says why positions are those of what ran. */
async function loaded(
  capture: Capture,
  { paths }: CaptureContext,
  uncounted: Turns['uncounted']
): Promise<LoadedSources | undefined> {
  try {
    const reader = await capture.files?.load()
    return await reader?.loadSources(capture, capture.files!, paths, uncounted)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    capture.notes.push(`source maps and sources are not read: ${reason}`)
    return undefined
  }
}
