import type { Context, Handler, MiddlewareHandler, Next } from 'hono'
import { COMPOSED_HANDLER } from 'hono/utils/constants'
import { isAllowed } from './access.ts'
import type { Recording, Runtime } from './adapter.ts'
import { ownMiddleware } from './capture/own-middleware.ts'
import type { ProfilerOptions, ResolvedOptions } from './options.ts'
import { resolveOptions } from './options.ts'
import { messageOf, oncePerMessage, settle } from './outcome.ts'
import type { ProfileOptions, Profiled, Profiler } from './profiler-api.ts'
import type { Recorder, Traced } from './recorder.ts'
import { LONGEST_TIMEOUT } from './recording-limit.ts'
import { headerText, setHeader } from './response-header.ts'
import type { Ask, ReadTrigger } from './trigger.ts'
import { triggerReader } from './trigger.ts'

export type { ProfileOptions, Profiled, Profiler } from './profiler-api.ts'

/** What is recorded for the store alone. */
const FOR_THE_STORE: Ask = { format: 'json', terminal: false, background: true }

/** Nobody waits for an answer, so that a function may take longer than a request: 200 s at 1 ms. */
const MOST_SAMPLES_OF_A_FUNCTION = 200_000

/**
 * Binds the profiler to a runtime. What records and reports is loaded when the first recording is asked for, so that an
 * application pays nothing for it at its start.
 */
export function createProfiler(runtime: Runtime): Profiler {
  let recorder: Recorder | undefined
  const warn = oncePerMessage((message) => {
    runtime.terminal.print(`hono-profiler: ${message}`)
  })

  async function loadRecorder(): Promise<Recorder> {
    if (!recorder) {
      const { createRecorder } = await import('./recorder.ts')
      const adapter = await runtime.loadAdapter()
      recorder ??= createRecorder(runtime, adapter, warn)
    }
    return recorder
  }

  /** Serves a request, recorded when it can be. What the application threw is thrown, unless the report says it. */
  async function serve<T>(
    c: Context,
    work: Traced<T>,
    options: ResolvedOptions,
    ask: Ask
  ): Promise<T | Response> {
    if (recorder?.current() || !(await isAllowed(options, c, ask, warn))) {
      return work()
    }
    const started = await settle(async () => {
      const loaded = await loadRecorder()
      return { loaded, recorded: await loaded.start(options) }
    })
    if ('error' in started) {
      const value = await work()
      const reason = messageOf(started.error)
      warn(`this request is not profiled: ${reason}`)
      if (!ask.background) {
        setHeader(c, 'x-profile-error', headerText(reason))
      }
      return value
    }
    const { loaded, recorded } = started.value
    return loaded.answer(c, work, recorded, options, ask)
  }

  /** Failing to is no loss: the first request that asks is told why. */
  function warmUp(options: ResolvedOptions): void {
    if (options.warm && options.enabled) {
      void settle(async () => {
        const loaded = await loadRecorder()
        await loaded.keepWarm(options)
      })
    }
  }

  function askOf(c: Context, options: ResolvedOptions, read: ReadTrigger): Ask | undefined {
    const ask = options.enabled ? read(c) : undefined
    return ask ?? (options.isSampled() ? FOR_THE_STORE : undefined)
  }

  function profiler(options: ProfilerOptions = {}): MiddlewareHandler {
    const resolved = resolveOptions(options, runtime)
    const readTrigger = triggerReader(resolved.trigger)
    warmUp(resolved)
    const middleware = function profiler(c: Context, next: Next): Promise<void> {
      const ask = askOf(c, resolved, readTrigger)
      if (!ask) {
        return next()
      }
      const work: Traced<void> = (recording?: Recording) =>
        recording ? recorder!.traceNext(c, next, recording)() : next()
      return serve(c, work, resolved, ask) as Promise<void>
    }
    ownMiddleware.add(middleware)
    return middleware
  }

  function instrument<H extends Handler>(handler: H, options: ProfilerOptions = {}): H {
    const resolved = resolveOptions(options, runtime)
    const readTrigger = triggerReader(resolved.trigger)
    warmUp(resolved)
    const instrumented: Handler = async function instrumented(c, next) {
      const ask = readTrigger(c) ?? { format: 'html', terminal: false }
      const work = async (recording?: Recording): Promise<unknown> => {
        const response: unknown = await (recording
          ? recorder!.callTraced(c, handler, next, recording)
          : handler(c, next))
        if (response instanceof Response) {
          c.res = response
        }
        return response
      }
      const response = await serve(c, work, resolved, ask)
      return c.finalized ? c.res : (response as Response)
    }
    // What lists routes, Hono's own included, then shows the handler instead.
    const composed: Handler = Object.assign(instrumented, { [COMPOSED_HANDLER]: handler })
    return composed as H
  }

  async function profile<T>(
    fn: () => T | Promise<T>,
    options: ProfileOptions = {}
  ): Promise<Profiled<T>> {
    if (typeof fn !== 'function') {
      throw new TypeError(`hono-profiler: profile() takes a function, not ${typeof fn}`)
    }
    const { name = fn.name || 'profile', repeat = 1, warmup = 0, ...others } = options
    checkCount('repeat', repeat, 1)
    checkCount('warmup', warmup, 0)
    const limits = { maxDuration: LONGEST_TIMEOUT, maxSamples: MOST_SAMPLES_OF_A_FUNCTION }
    const resolved = resolveOptions({ ...limits, ...others, enabled: true }, runtime)
    for (let i = 0; i < warmup; i++) {
      await fn()
    }
    return (await loadRecorder()).profile(fn, name, repeat, resolved)
  }

  // Such a name tells the profiler's own function where no file does: see `markedFrames`.
  const { honoProfilerApi: span } = {
    honoProfilerApi: <T>(name: string, fn: () => T): T => {
      const recording = recorder?.likely()
      return recording ? recording.span(name, 'user', fn) : fn()
    },
  }

  return { profiler, instrument, profile, span }
}

/** @throws TypeError Unless it is a whole number from `least`. */
function checkCount(name: string, count: number, least: number): void {
  if (!Number.isSafeInteger(count) || count < least) {
    throw new TypeError(`hono-profiler: ${name} is ${count}; give a whole number from ${least}`)
  }
}
