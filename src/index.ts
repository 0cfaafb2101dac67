/**
 * The public surface that every runtime shares; each entry adds `profiler`, `instrument`, `profile` and `span`.
 *
 * @module
 */

/** A recorded request, and its records. */
export { Session, diff } from './session.ts'
export type * from './session/records.ts'
export { checkSession, checkTree } from './session/check.ts'

/** The call tree. */
export { AWAIT_FRAME, BLOCKED_FRAME, Frame, GC_FRAME, SELF_FRAME, walk } from './session/frame.ts'
export type { FrameGroup } from './session/frame.ts'

/** What changes a tree before it is shown. */
export * from './processors.ts'

/** What a session answers. */
export type { SourceLine } from './analysis/lines.ts'
export type { HotPath, HotPathOptions, ProfileEntry, QueryOptions } from './analysis/query.ts'
export type { Change, ChangeEntry, DiffOptions, SessionDiff, WaitChange } from './analysis/diff.ts'
export type { Finding, FindingKind } from './analysis/findings.ts'
export type { FunctionTime } from './analysis/functions.ts'
export type { MiddlewareTime } from './analysis/middleware.ts'
export type { WaitGroup } from './analysis/waits.ts'

/** What shows a session. */
export * from './render/index.ts'
export type { Renderer } from './render/renderer.ts'

/** What makes sessions of other tools' profiles. */
export { importCpuProfile } from './normalize/import-cpuprofile.ts'
export { importPprof } from './normalize/import-pprof.ts'
export type { ImportOptions } from './normalize/imported-session.ts'

/** Where sessions are kept. */
export { loadSession } from './store/directory-store.ts'
export { kvStore, r2Store } from './store/bindings-store.ts'
export type { KvNamespace, R2Bucket } from './store/bindings-store.ts'
export { memoryStore } from './store/store.ts'
export type { SessionStore } from './store/store.ts'

/** What a profiler can be told. */
export type { ProfileOptions, Profiled, Profiler } from './profiler.ts'
export type { ProfilerOptions } from './options.ts'
