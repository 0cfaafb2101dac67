import type { Handler, MiddlewareHandler } from 'hono'
import type { ProfilerOptions } from './options.ts'
import type { Session } from './session.ts'

/** What `profile` gives: the function's own result, and where its time went. */
export interface Profiled<T> {
  value: T
  session: Session
}

/** What `profile` can be told. */
export interface ProfileOptions extends Pick<
  ProfilerOptions,
  'interval' | 'saveDir' | 'store' | 'maxSessionSize' | 'sourceText' | 'inspectorUrl'
> {
  /**
   * What the report calls it.
   *
   * @default the function's name
   */
  name?: string
  /**
   * How often the function is recorded; the session is all of them merged, with `meta.durations`. A function of
   * a few milliseconds has few samples, a hundred calls of it tell the truth. `value` is the last call's.
   *
   * @default 1
   */
  repeat?: number
  /**
   * The most samples of a call, and the most awaits and callbacks that it follows: the recording ends when either is
   * reached, and the report says so.
   *
   * @default 200_000
   */
  maxSamples?: number
  /**
   * How often the function is called before, not recorded, so that caches are filled and code is optimized.
   *
   * @default 0
   */
  warmup?: number
}

/** The names that every runtime's entry exports. */
export interface Profiler {
  /**
   * Middleware that answers requests which ask for it (`?profile=1`) with their profile.
   *
   * @throws TypeError When an option cannot work.
   * @example
   * app.use(profiler())
   */
  profiler: (options?: ProfilerOptions) => MiddlewareHandler
  /**
   * Makes a handler that profiles every request and answers with the report.
   *
   * @throws TypeError When an option cannot work.
   * @example
   * app.get('/orders', instrument((c) => c.json(listOrders())))
   */
  instrument: <H extends Handler>(handler: H, options?: ProfilerOptions) => H
  /**
   * Profiles any function, without HTTP. What the function throws is thrown.
   *
   * @example
   * const { value, session } = await profile(() => importOrders(file))
   * console.log(renderSession(session))
   */
  profile: <T>(fn: () => T | Promise<T>, options?: ProfileOptions) => Promise<Profiled<T>>
  /**
   * Runs a part of a request under a name of its own, which text and Markdown reports list. Outside of a recording it only
   * calls the function.
   *
   * @example
   * const rows = await span('load orders', () => db.orders.all())
   */
  span: <T>(name: string, fn: () => T) => T
}
