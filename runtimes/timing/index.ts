/**
 * hono-profiler on runtimes without an inspector, or unknown ones: Vercel's edge-runtime, Lambda@Edge, Fastly,
 * service workers. Spans and waits are timed; nothing is sampled.
 *
 * @module
 */

import type { Profiler } from '../../src/profiler.ts'
import { createProfiler } from '../../src/profiler.ts'
import { timingRuntime } from './runtime.ts'

const bound: Profiler = createProfiler(timingRuntime)

export const profiler: Profiler['profiler'] = bound.profiler
export const instrument: Profiler['instrument'] = bound.instrument
export const profile: Profiler['profile'] = bound.profile
export const span: Profiler['span'] = bound.span
export * from '../../src/index.ts'
