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
   * @default false in production when there is no `authorize`, else true: where `NODE_ENV` is `production`, and
   * on Cloudflare's servers
   */
  enabled?: boolean
  /** Says whether a request that asks for a profile may have it; a refused one is served as if nothing was asked. */
  authorize?: (c: Context) => boolean | Promise<boolean>
  /** Says whether a request that asks is worth recording. */
  shouldProfile?: (c: Context) => boolean | Promise<boolean>
  /**
   * Milliseconds after which a body that streams is no longer followed to its end.
   *
   * @default 30_000
   */
  maxDuration?: number
  /** Says whether a recorded session is kept in `saveDir` or `store`. */
  keep?: (session: Session) => boolean | Promise<boolean>
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
  readonly authorize: (c: Context) => boolean | Promise<boolean>
  readonly shouldProfile: (c: Context) => boolean | Promise<boolean>
  readonly maxDuration: number
  readonly keep: (session: Session) => boolean | Promise<boolean>
  readonly inspectorUrl: string | undefined
}

const SHORTEST_INTERVAL = 0.05
const LONGEST_INTERVAL = 1000
const DEFAULT_MAX_DURATION = 30_000

/**
 * Completes and checks what the user wrote.
 *
 * @throws TypeError When an option cannot work; the message names it, its value and what is possible.
 */
export function resolveOptions(options: ProfilerOptions, runtime: Runtime): ResolvedOptions {
  const { saveDir, store, interval = 1, authorize, maxDuration = DEFAULT_MAX_DURATION } = options
  const trigger =
    options.trigger ??
    (runtime.env('PROFILER_TRIGGER') || runtime.env('PYINSTRUMENT_TRIGGER') || 'profile')
  checkOptions({ ...options, trigger, interval, maxDuration }, runtime)
  const yes = (): boolean => true
  const isLocal = (): boolean => !runtime.isDeployed?.()
  const isProduction = runtime.env('NODE_ENV') === 'production'
  return Object.freeze({
    trigger,
    saveDir,
    store,
    intervalUs: Math.round(interval * 1000),
    enabled: options.enabled ?? (authorize !== undefined || !isProduction),
    authorize: authorize ?? (options.enabled === undefined ? isLocal : yes),
    shouldProfile: options.shouldProfile ?? yes,
    maxDuration,
    keep: options.keep ?? yes,
    inspectorUrl: options.inspectorUrl,
  })
}

function checkOptions(options: ProfilerOptions, { name: runtime, fileSystem }: Runtime): void {
  const { trigger, interval, saveDir, store, maxDuration } = options
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
  const isBetween = (value: unknown, least: number, most: number): boolean =>
    typeof value === 'number' && value >= least && value <= most
  demand(options, 'trigger', isText(trigger), "give the name of a query parameter, like 'profile'")
  demand(
    options,
    'interval',
    isBetween(interval, SHORTEST_INTERVAL, LONGEST_INTERVAL),
    `give milliseconds from ${SHORTEST_INTERVAL} to ${LONGEST_INTERVAL}`
  )
  demand(options, 'maxDuration', isBetween(maxDuration, 1, 2 ** 31 - 1), 'give milliseconds')
  demandIfGiven(options, 'enabled', 'boolean', 'give true or false')
  for (const name of ['authorize', 'shouldProfile', 'keep'] as const) {
    demandIfGiven(options, name, 'function', 'give a function')
  }
  if (options.inspectorUrl !== undefined) {
    const isUrl = isText(options.inspectorUrl) && /^(https?|wss?):/.test(options.inspectorUrl)
    const isAddress = isUrl && URL.canParse(options.inspectorUrl)
    demand(options, 'inspectorUrl', isAddress, "give an address like 'http://127.0.0.1:9229'")
  }
  if (saveDir !== undefined) {
    demand(options, 'saveDir', isText(saveDir), 'give the path of a directory')
    demand(
      options,
      'saveDir',
      fileSystem !== undefined,
      `but ${runtime} has no file system; use store`
    )
  }
  if (store !== undefined) {
    const isStore = (['save', 'load', 'list'] as const).every(
      (method) => typeof store[method] === 'function'
    )
    demand(options, 'store', isStore, 'give an object with save, load and list')
    if (saveDir !== undefined) {
      throw new TypeError('hono-profiler: saveDir and store are both given; choose one of them')
    }
  }
}

/** @throws TypeError With the option's name, its value and what is possible, unless `isRight`. */
function demand(
  options: ProfilerOptions,
  name: keyof ProfilerOptions,
  isRight: boolean,
  advice: string
): void {
  if (!isRight) {
    const value = options[name]
    const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
    const link = advice.startsWith('but ') ? ',' : ';'
    throw new TypeError(`hono-profiler: ${name} is ${text}${link} ${advice}`)
  }
}

function demandIfGiven(
  options: ProfilerOptions,
  name: keyof ProfilerOptions,
  type: string,
  advice: string
): void {
  demand(options, name, options[name] === undefined || typeof options[name] === type, advice)
}
