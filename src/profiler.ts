import type { Context, Handler, MiddlewareHandler, Next } from 'hono'
import { routePath } from 'hono/route'
import { isAllowed } from './access.ts'
import type { Adapter, Capture, Recording, Runtime } from './adapter.ts'
import type { CaptureContext } from './normalize/normalize.ts'
import { normalize } from './normalize/normalize.ts'
import type { ProfilerOptions, ResolvedOptions } from './options.ts'
import { resolveOptions } from './options.ts'
import { rendererFor } from './render/index.ts'
import { respondWith, serverTiming } from './respond.ts'
import type { RequestMeta } from './session/records.ts'
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
export interface ProfileOptions extends Pick<ProfilerOptions, 'interval' | 'saveDir' | 'store'> {
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
   * Runs a part of a request under a name of its own, which the report shows. Outside of a recording it only
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
    serve: () => Promise<T>,
    options: ResolvedOptions,
    ask: Ask
  ): Promise<T | Response> {
    if (adapter?.current() || !(await isAllowed(options, c))) {
      return serve()
    }
    const recording = await startRecording(options).catch((error: unknown) => {
      warn(`this request is not profiled: ${messageOf(error)}`)
      c.header('x-profile-error', headerText(messageOf(error)))
    })
    if (!recording) {
      return serve()
    }
    const outcome = await settle(() => recording.run(serve))
    try {
      const capture = await recording.stop()
      const session = toSession(capture, describeRequest(c, runtime, outcome))
      const name = await keepSession(session, options)
      if (!ask.terminal) {
        return respondWith(c, rendererFor(ask.format), session, name, adapter!)
      }
      print(c, session, name)
    } catch (error) {
      warn(`the profile of ${c.req.method} ${c.req.path} is lost: ${messageOf(error)}`)
    }
    return unwrap(outcome)
  }

  async function startRecording({ intervalUs }: ResolvedOptions): Promise<Recording> {
    return (await loadedAdapter()).start({ intervalUs })
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
      if ((!saveDir && !store) || !keep(session)) {
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
    c.header('server-timing', serverTiming(session.meta), { append: true })
    if (name !== undefined) {
      c.header('x-profile-id', name)
    }
  }

  function profiler(options: ProfilerOptions = {}): MiddlewareHandler {
    const resolved = resolveOptions(options, runtime)
    return function profiler(c: Context, next: Next): Promise<void> {
      const ask = resolved.enabled ? readTrigger(c, resolved.trigger) : undefined
      return ask ? (answer(c, next, resolved, ask) as Promise<void>) : next()
    }
  }

  function instrument<H extends Handler>(handler: H, options: ProfilerOptions = {}): H {
    const resolved = resolveOptions(options, runtime)
    const instrumented: Handler = async function instrumented(c, next) {
      const ask = readTrigger(c, resolved.trigger) ?? { format: 'html', terminal: false }
      const serve = async (): Promise<unknown> => {
        const response: unknown = await handler(c, next)
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
    const resolved = resolveOptions({ ...options, enabled: true }, runtime)
    const recording = await startRecording(resolved)
    const outcome = await settle(() => recording.run(async () => await fn()))
    const capture = await recording.stop()
    const value = unwrap(outcome)
    const session = toSession(capture, {
      ...describeRuntime(runtime),
      description: options.name ?? (fn.name || 'profile'),
    })
    await keepSession(session, resolved)
    return { value, session }
  }

  function span<T>(name: string, fn: () => T): T {
    const recording = adapter?.current()
    return recording ? recording.span(name, 'user', fn) : fn()
  }

  return { profiler, instrument, profile, span }
}

type Outcome<T> = { value: T } | { error: unknown }

async function settle<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) {
    throw outcome.error
  }
  return outcome.value
}

function describeRuntime(runtime: Runtime): Omit<CaptureContext, 'description'> {
  const { name, version, projectRoot, ownFiles } = runtime
  return { runtime: name, runtimeVersion: version, paths: { projectRoot, ownFiles } }
}

function describeRequest(c: Context, runtime: Runtime, outcome: Outcome<unknown>): CaptureContext {
  const { method, path } = c.req
  const query = c.req.url.indexOf('?')
  const request: RequestMeta = {
    method,
    path: query < 0 ? path : path + c.req.url.slice(query),
    route: routePath(c, -1),
    status: c.res.status,
  }
  const error = 'error' in outcome ? outcome.error : c.error
  if (error !== undefined) {
    request.error = describeError(error)
  }
  return { ...describeRuntime(runtime), description: `${method} ${path}`, request }
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error)
}

function messageOf(error: unknown): string {
  if (error instanceof Error) {
    return error.message
  }
  return typeof error === 'string' ? error : JSON.stringify(error)
}

/** Header values must be printable ASCII on one line. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500)
}

function oncePerMessage(print: (message: string) => void): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (!told.has(message)) {
      told.add(message)
      print(message)
    }
  }
}
