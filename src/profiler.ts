import type { Context, Handler, MiddlewareHandler, Next } from 'hono'
import { isAllowed } from './access.ts'
import type { Adapter, Capture, Recording, Runtime } from './adapter.ts'
import { callTraced, traceNext } from './capture/hono-spans.ts'
import { describeRequest, describeRuntime } from './describe.ts'
import type { CaptureContext } from './normalize/normalize.ts'
import { normalize } from './normalize/normalize.ts'
import type { ProfilerOptions, ResolvedOptions } from './options.ts'
import { resolveOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import { messageOf, oncePerMessage, settle, unwrap } from './outcome.ts'
import { rendererFor } from './render/index.ts'
import { headerText, respondWith, serverTiming, setHeader } from './respond.ts'
import { watchBody } from './response-body.ts'
import { Session } from './session.ts'
import { saveInDirectory } from './store/directory-store.ts'
import type { Ask } from './trigger.ts'
import { readTrigger } from './trigger.ts'

/** What `profile` gives: the function's own result, and where its time went. */
export interface Profiled<T> {
  value: T
  session: Session
}

/** What `profile` can be told. */
export interface ProfileOptions extends Pick<
  ProfilerOptions,
  'interval' | 'saveDir' | 'store' | 'inspectorUrl'
> {
  /**
   * What the report calls it.
   *
   * @default the function's name
   */
  name?: string
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

/** Binds the profiler to a runtime. */
export function createProfiler(runtime: Runtime): Profiler {
  let adapter: Adapter | undefined
  const warn = oncePerMessage((message) => {
    runtime.terminal.print(`hono-profiler: ${message}`)
  })

  async function loadedAdapter(): Promise<Adapter> {
    return (adapter ??= await runtime.loadAdapter())
  }

  /** The whole way of a request that asks. What the application threw is thrown, unless the report says it. */
  async function answer<T>(
    c: Context,
    serve: (recording?: Recording) => Promise<T>,
    options: ResolvedOptions,
    ask: Ask
  ): Promise<T | Response> {
    if (adapter?.current() || !(await isAllowed(options, c, warn))) {
      return serve()
    }
    const started = await settle(() => startRecording(options))
    if ('error' in started) {
      const value = await serve()
      fail(c, 'this request is not profiled', started.error)
      return value
    }
    const recording = started.value
    const body = watchBody<T>(c, ask.terminal, options.maxDuration, adapter!.uncounted)
    const served = settle(() =>
      recording.run(async () => {
        const value = await withWatchedBindings(c, recording, () => serve(recording))
        await body.untilEnd(value)
        return value
      })
    )
    const answered = served.then((outcome) =>
      finish(c, recording, options, ask, outcome, body.notes)
    )
    keepAlive(c, answered)
    // A response that streams goes out while the rest of it is recorded.
    return Promise.race([answered, body.streams])
  }

  /** Makes the session of a recording that has ended, keeps it, and shows it as it was asked for. */
  async function finish<T>(
    c: Context,
    recording: Recording,
    options: ResolvedOptions,
    ask: Ask,
    outcome: Outcome<T>,
    notes: readonly string[]
  ): Promise<T | Response> {
    try {
      const capture = await recording.stop()
      capture.notes.push(...notes)
      const session = toSession(capture, describeRequest(c, runtime, outcome))
      const name = await keepSession(session, options)
      if (!ask.terminal) {
        return respondWith(c, rendererFor(ask.format), session, name, adapter!)
      }
      print(c, session, name)
    } catch (error) {
      fail(c, `the profile of ${c.req.method} ${c.req.path} is lost`, error)
    }
    return unwrap(outcome)
  }

  /** Tells on the terminal and to the client why there is no profile. */
  function fail(c: Context, what: string, error: unknown): void {
    warn(`${what}: ${messageOf(error)}`)
    setHeader(c, 'x-profile-error', headerText(messageOf(error)))
  }

  async function startRecording({ intervalUs, inspectorUrl }: ResolvedOptions): Promise<Recording> {
    return (await loadedAdapter()).start({ intervalUs, inspectorUrl })
  }

  function toSession(capture: Capture, context: CaptureContext): Session {
    return new Session(adapter!.uncounted(() => normalize(capture, context)))
  }

  /** Keeps the session where the options say; a failure is told, and the report is served all the same. */
  async function keepSession(
    session: Session,
    { saveDir, store, keep }: ResolvedOptions
  ): Promise<string | undefined> {
    try {
      if ((!saveDir && !store) || !(await keep(session))) {
        return undefined
      }
      return store ? await store.save(session) : await saveInDirectory(saveDir!, session)
    } catch (error) {
      const reason = `this session could not be saved: ${messageOf(error)}`
      session.meta.notes.push(reason)
      warn(reason)
      return undefined
    }
  }

  function print(c: Context, session: Session, name: string | undefined): void {
    const renderer = rendererFor('text', { text: { color: runtime.terminal.color } })
    runtime.terminal.print(adapter!.uncounted(() => renderer.render(session)) as string)
    setHeader(c, 'server-timing', serverTiming(session.meta))
    if (name !== undefined) {
      setHeader(c, 'x-profile-id', name)
    }
  }

  function profiler(options: ProfilerOptions = {}): MiddlewareHandler {
    const resolved = resolveOptions(options, runtime)
    return function profiler(c: Context, next: Next): Promise<void> {
      const ask = resolved.enabled ? readTrigger(c, resolved.trigger) : undefined
      if (!ask) {
        return next()
      }
      const serve = (recording?: Recording): Promise<void> =>
        recording ? traceNext(c, next, recording)() : next()
      return answer(c, serve, resolved, ask) as Promise<void>
    }
  }

  function instrument<H extends Handler>(handler: H, options: ProfilerOptions = {}): H {
    const resolved = resolveOptions(options, runtime)
    const instrumented: Handler = async function instrumented(c, next) {
      const ask = readTrigger(c, resolved.trigger) ?? { format: 'html', terminal: false }
      const serve = async (recording?: Recording): Promise<unknown> => {
        const response: unknown = await (recording
          ? callTraced(c, handler, next, recording)
          : handler(c, next))
        if (response instanceof Response) {
          c.res = response
        }
        return response
      }
      const response = await answer(c, serve, resolved, ask)
      return c.finalized ? c.res : (response as Response)
    }
    return instrumented as H
  }

  async function profile<T>(
    fn: () => T | Promise<T>,
    options: ProfileOptions = {}
  ): Promise<Profiled<T>> {
    if (typeof fn !== 'function') {
      throw new TypeError(`hono-profiler: profile() takes a function, not ${typeof fn}`)
    }
    const resolved = resolveOptions({ ...options, enabled: true }, runtime)
    const recording = await startRecording(resolved)
    const { honoProfilerWork } = { honoProfilerWork: async () => await fn() }
    const outcome = await settle(() => recording.run(honoProfilerWork))
    const stopped = await settle(async () => await recording.stop())
    if ('error' in stopped) {
      // What the function threw matters more.
      unwrap(outcome)
    }
    const session = toSession(unwrap(stopped), {
      ...describeRuntime(runtime),
      description: options.name ?? (fn.name || 'profile'),
    })
    if ('error' in outcome) {
      session.meta.notes.push(`it threw: ${messageOf(outcome.error)}`)
    }
    await keepSession(session, resolved)
    return { value: unwrap(outcome), session }
  }

  function span<T>(name: string, fn: () => T): T {
    const recording = adapter?.current() ?? adapter?.likely?.()
    return recording ? recording.span(name, 'user', fn) : fn()
  }

  return { profiler, instrument, profile, span }
}

/** Lets the request use bindings (`c.env`) whose calls are seen, on runtimes that have such. */
async function withWatchedBindings<T>(
  c: Context,
  recording: Recording,
  serve: () => Promise<T>
): Promise<T> {
  const env = c.env as object | undefined
  try {
    c.env = env && (recording.bindings?.(env) ?? env)
    return await serve()
  } finally {
    c.env = env
  }
}

/** Some runtimes end what a request started when its response is sent, unless they are told to wait. */
function keepAlive(c: Context, work: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(work.catch(() => undefined))
  } catch {
    // Where there is no such context, everything runs to its end.
  }
}
