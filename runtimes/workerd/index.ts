/**
 * hono-profiler on Cloudflare's workerd: `wrangler dev`, the Vite plugin, Miniflare.
 *
 * @module
 */

import type { Profiler } from '../../src/profiler.ts'
import { createProfiler } from '../../src/profiler.ts'
import { workerdRuntime } from './runtime.ts'

const bound: Profiler = createProfiler(workerdRuntime)

export const profiler: Profiler['profiler'] = bound.profiler
export const instrument: Profiler['instrument'] = bound.instrument
export const profile: Profiler['profile'] = bound.profile
export const span: Profiler['span'] = bound.span
export * from '../../src/index.ts'
