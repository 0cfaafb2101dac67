import { checkSession } from '../session/check.ts'
import type { ExchangeNote } from '../session/exchange.ts'
import type { SampleTable, SessionData, SessionMeta } from '../session/records.ts'
import { SESSION_FORMAT, SESSION_VERSION } from '../session/records.ts'
import { compact } from './compact.ts'
import type { FunctionTable } from './functions.ts'
import type { StackBuilder } from './stack-builder.ts'
import { totalsOf } from './totals.ts'

/** What an import can be told that a profile does not know of itself. */
export interface ImportOptions {
  /** What was profiled, where the profile does not say it itself. @default `imported profile` */
  description?: string
  /** The project's directory, to which paths are shown relative. */
  projectRoot?: string
}

/** What `importPprof` and `importCpuProfile` call a profile that has no name. */
export const UNNAMED = 'imported profile'

/** What an importer has read. */
export interface ImportedProfile {
  functions: FunctionTable
  stacks: StackBuilder
  samples: SampleTable
  /** What the profile says of itself. */
  meta: Pick<SessionMeta, 'runtime' | 'startTime' | 'interval' | 'sampleCount' | 'fidelity'>
  description: string
  /** What this package wrote into it, which says more. */
  note?: ExchangeNote | undefined
}

/**
 * The session of a profile that was not recorded here. What is not in the profile is empty.
 *
 * @throws TypeError When it holds numbers that no session has, like times of centuries.
 */
export function importedSession(profile: ImportedProfile): SessionData {
  const { samples, description, note } = profile
  const durationUs = samples.durationUs.reduce((sum, us) => sum + us, 0)
  const session: SessionData = {
    format: SESSION_FORMAT,
    version: SESSION_VERSION,
    meta: {
      ...profile.meta,
      description,
      runtimeVersion: '',
      overhead: { start: 0, excluded: 0, stop: 0 },
      notes: [],
      runs: 1,
      ...note?.meta,
      duration: durationUs / 1000,
      totals: totalsOf(samples),
    },
    ...compact({ functions: profile.functions.records, stacks: profile.stacks.table }, [
      samples.stack,
    ]),
    samples,
    blockers: { stack: [], startUs: [], durationUs: [] },
    waits: [],
    spans: [],
  }
  checkSession(session)
  return session
}
