import type { Context } from 'hono'
import type { PathPattern } from './access.ts'
import { pathMatcher } from './access.ts'
import type { Runtime } from './adapter.ts'
import { checkOptions } from './options-check.ts'
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
   * @default false in production when there is no `authorize`, else true: where `NODE_ENV` is `production`, and
   * on Cloudflare's servers
   */
  enabled?: boolean
  /** Says whether a request that asks for a profile may have it; a refused one is served as if nothing was asked. */
  authorize?: (c: Context) => boolean | Promise<boolean>
  /**
   * Who knows it may ask: in the header `x-profile-secret`, or in a query parameter called like the trigger with
   * `-secret` (`profile-secret`). With `authorize` beside it, either of them is enough. At least 8 characters.
   */
  secret?: string
  /** Says whether a request that asks is worth recording. */
  shouldProfile?: (c: Context) => boolean | Promise<boolean>
  /**
   * Only requests of these paths: text, in which `*` stands for anything, or regular expressions.
   *
   * @default all
   * @example
   * profiler({ include: ['/api/*', /^\/orders\/\d+$/] })
   */
  include?: PathPattern | readonly PathPattern[]
  /** No requests of these paths, as `include` says them. @default none */
  exclude?: PathPattern | readonly PathPattern[]
  /**
   * The share of requests, 0 to 1, that are recorded although nobody asked, to be kept in `saveDir` or `store`; their
   * responses stay as they are.
   *
   * @default 0
   */
  sampleRate?: number
  /**
   * Milliseconds after which a recording ends; a request that goes on is served all the same.
   *
   * @default 30_000
   */
  maxDuration?: number
  /**
   * The most samples of a recording, and the most awaits and callbacks that it follows: it ends when either is reached,
   * and its report says so. At the default interval `maxDuration` comes before so many samples; 50,000 awaits take
   * about 100 MB while they are recorded.
   *
   * @default 50_000
   */
  maxSamples?: number
  /**
   * Requests that are recorded at once; beyond it they are served without, and `x-profile-error` tells.
   *
   * @default 32
   */
  maxRecordings?: number
  /**
   * Keeps V8's sampler ready, so that a recording starts in less than a millisecond however large the heap is, instead
   * of 60-80 ns for each object in it. It takes 6-8 % of a processor as long as the process lives, at an interval of
   * 1 ms. On Node and Deno; other runtimes ignore it.
   *
   * @default false
   */
  warm?: boolean
  /** Says whether a recorded session is kept in `saveDir` or `store`. */
  keep?: (session: Session) => boolean | Promise<boolean>
  /** Keeps only sessions that took at least so many milliseconds. @default 0 */
  slowerThan?: number
  /** Keeps only sessions of requests that failed: by an error, or with a status of 500 and above. @default false */
  errorsOnly?: boolean
  /**
   * Session files in `saveDir`; the oldest go.
   *
   * @default 1000
   */
  maxSessions?: number
  /**
   * Bytes of a saved session. A larger one is saved without the lines of the source, then with the order of short
   * samples left out; one that is still larger is not saved, and its report says so.
   *
   * @default 16_777_216
   */
  maxSessionSize?: number
  /**
   * Whether reports show the values of the URL's query; those of names that look secret never are.
   *
   * @default false
   */
  queryValues?: boolean
  /**
   * Whether sessions hold the lines of the application's source around those that took time or waited.
   *
   * @default false in production: where `NODE_ENV` is `production`, and on Cloudflare's servers
   */
  sourceText?: boolean
  /**
   * Where the inspector of a Cloudflare worker listens while it is developed, where not at the port that `wrangler dev`
   * and the Vite plugin take: its address, or that of the WebSocket. Other runtimes have theirs in process and ignore it.
   *
   * @default the binding `INSPECTOR_URL`, else `'http://127.0.0.1:9229'`
   * @example
   * profiler({ inspectorUrl: 'http://127.0.0.1:9230' })
   */
  inspectorUrl?: string
}

/** The options that the code uses: complete, checked, frozen. */
export interface ResolvedOptions {
  readonly trigger: string
  readonly saveDir: string | undefined
  readonly store: SessionStore | undefined
  readonly intervalUs: number
  readonly enabled: boolean
  readonly authorize: ((c: Context) => boolean | Promise<boolean>) | undefined
  readonly secret: string | undefined
  readonly shouldProfile: (c: Context) => boolean | Promise<boolean>
  readonly isIncluded: (path: string) => boolean
  /** Decides by chance whether a request that does not ask is recorded. */
  readonly isSampled: () => boolean
  readonly maxDuration: number
  readonly maxSamples: number
  readonly maxRecordings: number
  readonly warm: boolean
  readonly keep: (session: Session) => boolean | Promise<boolean>
  readonly maxSessions: number
  readonly maxSessionSize: number
  readonly queryValues: boolean
  readonly sourceText: () => boolean
  readonly inspectorUrl: string | undefined
}

const DEFAULTS = {
  interval: 1,
  maxDuration: 30_000,
  maxSamples: 50_000,
  maxRecordings: 32,
  maxSessions: 1000,
  maxSessionSize: 16 * 2 ** 20,
  sampleRate: 0,
  slowerThan: 0,
}

const yes = (): boolean => true

/**
 * Completes and checks what the user wrote.
 *
 * @throws TypeError When an option cannot work; the message names it, its value and what is possible.
 */
export function resolveOptions(options: ProfilerOptions, runtime: Runtime): ResolvedOptions {
  const trigger =
    options.trigger ??
    (runtime.env('PROFILER_TRIGGER') || runtime.env('PYINSTRUMENT_TRIGGER') || 'profile')
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined)
  ) as ProfilerOptions
  const complete = { ...DEFAULTS, ...given, trigger }
  checkOptions(complete, runtime)
  const { saveDir, store, secret, sampleRate } = complete
  const { maxDuration, maxSamples, maxRecordings, maxSessions, maxSessionSize } = complete
  return Object.freeze({
    trigger,
    saveDir,
    store,
    secret,
    maxDuration,
    maxSamples,
    maxRecordings,
    maxSessions,
    maxSessionSize,
    intervalUs: Math.round(complete.interval * 1000),
    warm: options.warm ?? false,
    ...whoMayAsk(options, runtime),
    shouldProfile: options.shouldProfile ?? yes,
    isIncluded: isIncluded(options),
    isSampled:
      sampleRate > 0 && options.enabled !== false ? () => Math.random() < sampleRate : () => false,
    keep: keepRule(complete),
    queryValues: options.queryValues ?? false,
    inspectorUrl: options.inspectorUrl,
    sourceText: () =>
      options.sourceText ?? (runtime.env('NODE_ENV') !== 'production' && !runtime.isDeployed?.()),
  })
}

/** In production nobody may ask, unless a secret or `authorize` says who, or `enabled` says that all may. */
function whoMayAsk(
  { enabled, authorize, secret }: ProfilerOptions,
  runtime: Runtime
): Pick<ResolvedOptions, 'enabled' | 'authorize'> {
  const isGuarded = authorize !== undefined || secret !== undefined
  const isLocal = (): boolean => !runtime.isDeployed?.()
  return {
    enabled: enabled ?? (isGuarded || runtime.env('NODE_ENV') !== 'production'),
    authorize: authorize ?? (enabled === undefined && !isGuarded ? isLocal : undefined),
  }
}

function isIncluded({ include, exclude = [] }: ProfilerOptions): (path: string) => boolean {
  const isIn = include === undefined ? yes : pathMatcher([include].flat())
  const isOut = pathMatcher([exclude].flat())
  return (path) => isIn(path) && !isOut(path)
}

function keepRule({
  keep = yes,
  slowerThan = 0,
  errorsOnly = false,
}: ProfilerOptions): ResolvedOptions['keep'] {
  return (session) => {
    const { error, status = 0 } = session.meta.request ?? {}
    const hasFailed = error !== undefined || status >= 500
    return session.duration >= slowerThan && (hasFailed || !errorsOnly) && keep(session)
  }
}
