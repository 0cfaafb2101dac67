import type { Context } from 'hono'
import type { Runtime } from './adapter.ts'
import type { Session } from './session.ts'
import type { SessionStore } from './store/store.ts'

/** What a profiler can be told. Everything has a default. */
export interface ProfilerOptions {
  /**
   * Name of the query parameter that asks for a profile.
   *
   * @default `PROFILER_TRIGGER`, else `PYINSTRUMENT_TRIGGER` of the environment, else `'profile'`
   */
  trigger?: string
  /** Directory in which each session is kept as a file of its own; made when it is missing. */
  saveDir?: string
  /** Where sessions are kept, instead of `saveDir`. */
  store?: SessionStore
  /**
   * Milliseconds between two samples, 0.05 to 1000.
   *
   * @default 1
   */
  interval?: number
  /**
   * Whether requests may be profiled at all.
   *
   * @default false when `NODE_ENV` is `production` and there is no `authorize`, else true
   */
  enabled?: boolean
  /** Says whether a request that asks for a profile may have it; a refused one is served as if nothing was asked. */
  authorize?: (c: Context) => boolean | Promise<boolean>
  /** Says whether a request that asks is worth recording. */
  shouldProfile?: (c: Context) => boolean | Promise<boolean>
  /** Says whether a recorded session is kept in `saveDir` or `store`. */
  keep?: (session: Session) => boolean
}

/** The options that the code uses: complete, checked, frozen. */
export interface ResolvedOptions {
  readonly trigger: string
  readonly saveDir: string | undefined
  readonly store: SessionStore | undefined
  readonly intervalUs: number
  readonly enabled: boolean
  readonly authorize: (c: Context) => boolean | Promise<boolean>
  readonly shouldProfile: (c: Context) => boolean | Promise<boolean>
  readonly keep: (session: Session) => boolean
}

const SHORTEST_INTERVAL = 0.05
const LONGEST_INTERVAL = 1000

/**
 * Completes and checks what the user wrote.
 *
 * @throws TypeError When an option cannot work; the message names it, its value and what is possible.
 */
export function resolveOptions(options: ProfilerOptions, runtime: Runtime): ResolvedOptions {
  const { saveDir, store, interval = 1, authorize } = options
  const trigger =
    options.trigger ??
    (runtime.env('PROFILER_TRIGGER') || runtime.env('PYINSTRUMENT_TRIGGER') || 'profile')
  if (typeof trigger !== 'string' || trigger === '') {
    throw new TypeError(
      `hono-profiler: trigger is ${JSON.stringify(trigger)}; give the name of a query parameter, like 'profile'`
    )
  }
  if (!(interval >= SHORTEST_INTERVAL && interval <= LONGEST_INTERVAL)) {
    throw new TypeError(
      `hono-profiler: interval is ${interval}; give milliseconds from ${SHORTEST_INTERVAL} to ${LONGEST_INTERVAL}`
    )
  }
  if (saveDir !== undefined && store !== undefined) {
    throw new TypeError('hono-profiler: saveDir and store are both given; choose one of them')
  }
  if (saveDir !== undefined && !runtime.fileSystem) {
    throw new TypeError(
      `hono-profiler: saveDir is ${JSON.stringify(saveDir)}, but ${runtime.name} has no file system; use store`
    )
  }
  const yes = (): boolean => true
  return Object.freeze({
    trigger,
    saveDir,
    store,
    intervalUs: Math.round(interval * 1000),
    enabled:
      options.enabled ?? (authorize !== undefined || runtime.env('NODE_ENV') !== 'production'),
    authorize: authorize ?? yes,
    shouldProfile: options.shouldProfile ?? yes,
    keep: options.keep ?? yes,
  })
}
