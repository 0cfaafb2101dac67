import type { SessionData } from '../session/records.ts'
import { blockedLoop } from './findings/blocked.ts'
import type { Finding } from './findings/finding.ts'
import { garbageCollection, hotFunction } from './findings/processor.ts'
import { sequentialAwaits } from './findings/sequential-awaits.ts'
import { serialization } from './findings/serialization.ts'
import { slowMiddleware } from './findings/slow-middleware.ts'
import { timedOut } from './findings/timeout.ts'

export type { Finding, FindingKind } from './findings/finding.ts'

/** A function whose time is mostly serialization is told as that, and not a second time. */
const SAME_SHARE = 0.7

/** What makes a request slow, most important first: what could save most. Nothing for a request that is fine. */
export function findings(data: SessionData): Finding[] {
  const json = serialization(data)
  const found = [
    ...sequentialAwaits(data),
    ...hotFunction(data).filter((hot) => !json.some((other) => isMostly(hot, other))),
    ...json,
    ...blockedLoop(data),
    ...garbageCollection(data),
    ...slowMiddleware(data),
    ...timedOut(data),
  ]
  return found
    .map((finding) => ({ ...finding, title: capitalize(finding.title) }))
    .sort((a, b) => b.saving - a.saving)
}

function isMostly(hot: Finding, other: Finding): boolean {
  return hot.function === other.function && other.time > SAME_SHARE * hot.time
}

/** Titles may begin with "the function at"; a function's own name stays as it is. */
function capitalize(title: string): string {
  return title.replace(/^the /, 'The ')
}
