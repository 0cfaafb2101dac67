import type { Context } from 'hono'
import type { Adapter, Capture, Recording, Runtime } from './adapter.ts'
import { callTraced, traceNext } from './capture/hono-spans.ts'
import { describeRequest, describeRuntime } from './describe.ts'
import type { CaptureContext } from './normalize/normalize.ts'
import type { ResolvedOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import { messageOf, settle, unwrap } from './outcome.ts'
import type { Profiled } from './profiler-api.ts'
import type { Cut } from './recording-limit.ts'
import { cutNote, fullOf, startLimit } from './recording-limit.ts'
import { rendererFor } from './render/index.ts'
import { respondWith, serverTiming } from './respond.ts'
import { watchBody } from './response-body/watch-body.ts'
import { headerText, isUpgrade, setHeader } from './response-header.ts'
import { Session } from './session.ts'
import { normalizeWithSources } from './source/index.ts'
import { keepSession } from './store/keep-session.ts'
import type { Ask } from './trigger.ts'

/** Calls what is served, within a recording when there is one. */
export type Traced<T> = (recording?: Recording) => Promise<T>

/** A recording, and when it holds as much as it may. */
export interface Started {
  recording: Recording
  full: Promise<Cut>
}

/** The recordings in flight, and the way of each to its session. */
export interface Recorder {
  /** Prepares for recordings that start at once. */
  keepWarm(options: ResolvedOptions): Promise<void>
  /** The recording to which the code that calls belongs. */
  current(): Recording | undefined
  /** The same; on runtimes that cannot always tell, the one to which it probably belongs. */
  likely(): Recording | undefined
  /** @throws Error When no recording can start, with the reason. */
  start(options: ResolvedOptions): Promise<Started>
  /** Records a request and gives what answers it. What the application threw is thrown, unless the report says it. */
  answer<T>(
    c: Context,
    work: Traced<T>,
    started: Started,
    options: ResolvedOptions,
    ask: Ask
  ): Promise<T | Response>
  /** Records `repeat` calls of a function, one after another, as one session. What it throws is thrown. */
  profile<T>(
    fn: () => T | Promise<T>,
    description: string,
    repeat: number,
    options: ResolvedOptions
  ): Promise<Profiled<T>>
  readonly traceNext: typeof traceNext
  readonly callTraced: typeof callTraced
}

/** A request whose recording has ended. */
interface Recorded {
  c: Context
  recording: Recording
  options: ResolvedOptions
  ask: Ask
  /** Undefined when the recording was cut before the request ended. */
  outcome: Outcome<unknown> | undefined
  notes: readonly string[]
}

/** Makes what records on a runtime. */
export function createRecorder(
  runtime: Runtime,
  adapter: Adapter,
  warn: (message: string) => void
): Recorder {
  let inFlight = 0

  async function start(options: ResolvedOptions): Promise<Started> {
    const { intervalUs, inspectorUrl, maxRecordings, maxSamples } = options
    if (inFlight >= maxRecordings) {
      throw new Error(
        `${inFlight} requests are being recorded, as many as maxRecordings allows; ask again`
      )
    }
    inFlight++
    try {
      const { full, onFull } = fullOf(options)
      const limits = { maxOperations: maxSamples, onFull }
      return { recording: await adapter.start({ intervalUs, inspectorUrl, ...limits }), full }
    } catch (error) {
      inFlight--
      throw error
    }
  }

  async function stop(recording: Recording): Promise<Capture> {
    try {
      return await recording.stop()
    } finally {
      inFlight--
    }
  }

  async function answer<T>(
    c: Context,
    work: Traced<T>,
    { recording, full }: Started,
    options: ResolvedOptions,
    ask: Ask
  ): Promise<T | Response> {
    const limit = startLimit(options)
    const body = watchBody<T>(c, {
      isServed: ask.terminal || ask.background === true,
      limit,
      onFirstByte: () => {
        recording.firstByte?.()
      },
      uncounted: adapter.uncounted,
    })
    // Such names tell the profiler's own functions where no file does: see `markedFrames`.
    const { honoProfilerServe } = {
      honoProfilerServe: async (): Promise<T> => {
        const value = await withWatchedBindings(c, recording, () => work(recording))
        limit.clear()
        await body.untilEnd(value)
        return value
      },
    }
    const served = settle(() => recording.run(honoProfilerServe))
    const answered = Promise.race([served, limit.reached, full]).then(async (ended) => {
      limit.clear()
      const { notes } = body
      const outcome = 'cut' in ended ? undefined : ended
      if ('cut' in ended) {
        body.leave()
        notes.push(cutNote('the request', ended))
      }
      const report = await finish({ c, recording, options, ask, outcome, notes })
      return report ?? unwrap(outcome ?? (await served))
    })
    keepAlive(c, answered)
    // A response that streams goes out while the rest of it is recorded.
    return Promise.race([answered, body.streams])
  }

  /** Makes the session of a request, keeps it, and gives the report that the client asked for. */
  async function finish(recorded: Recorded): Promise<Response | undefined> {
    const { c, recording, options, ask, outcome, notes } = recorded
    try {
      const capture = await stop(recording)
      capture.notes.push(...notes)
      const context = describeRequest(c, runtime, outcome, options)
      const session = await toSession(capture, context, options)
      const name = await keepSession(session, options, warn)
      if (ask.background || (isUpgrade(c) && !ask.terminal)) {
        return undefined
      }
      if (!ask.terminal) {
        return respondWith(c, rendererFor(ask.format), session, name, adapter)
      }
      print(c, session, name)
    } catch (error) {
      warn(`the profile of ${c.req.method} ${c.req.path} is lost: ${messageOf(error)}`)
      if (!ask.background) {
        setHeader(c, 'x-profile-error', headerText(messageOf(error)))
      }
    }
    return undefined
  }

  async function toSession(
    capture: Capture,
    context: CaptureContext,
    { sourceText }: ResolvedOptions
  ): Promise<Session> {
    const { uncounted } = adapter
    return new Session(await normalizeWithSources(capture, context, { sourceText, uncounted }))
  }

  function print(c: Context, session: Session, name: string | undefined): void {
    const renderer = rendererFor('text', { text: { color: runtime.terminal.color } })
    runtime.terminal.print(adapter.uncounted(() => renderer.render(session)) as string)
    setHeader(c, 'server-timing', serverTiming(session.meta))
    if (name !== undefined) {
      setHeader(c, 'x-profile-id', name)
    }
  }

  async function profile<T>(
    fn: () => T | Promise<T>,
    description: string,
    repeat: number,
    options: ResolvedOptions
  ): Promise<Profiled<T>> {
    const sessions: Session[] = []
    let outcome: Outcome<T> | undefined
    while (sessions.length < repeat && !(outcome && 'error' in outcome)) {
      const called = await recordCall(fn, description, options)
      sessions.push(called.session)
      outcome = called.outcome
    }
    const session = sessions.length === 1 ? sessions[0]! : Session.combine(sessions)
    await keepSession(session, options, warn)
    return { value: unwrap(outcome!), session }
  }

  /** One call of a function as a session, and how the call went. */
  async function recordCall<T>(
    fn: () => T | Promise<T>,
    description: string,
    options: ResolvedOptions
  ): Promise<{ outcome: Outcome<T>; session: Session }> {
    const { recording, full } = await start(options)
    const limit = startLimit(options)
    const { honoProfilerWork } = { honoProfilerWork: async () => await fn() }
    const called = settle(() => recording.run(honoProfilerWork))
    const ended = await Promise.race([called, limit.reached, full])
    limit.clear()
    const stopped = await settle(() => stop(recording))
    const outcome = await called
    if ('error' in stopped) {
      // What the function threw matters more.
      unwrap(outcome)
    }
    const context = { ...describeRuntime(runtime), description }
    const session = await toSession(unwrap(stopped), context, options)
    if ('cut' in ended) {
      session.meta.notes.push(cutNote('it', ended))
    }
    if ('error' in outcome) {
      session.meta.notes.push(`it threw: ${messageOf(outcome.error)}`)
    }
    return { outcome, session }
  }

  return {
    keepWarm: async ({ intervalUs }) => {
      await adapter.keepWarm?.(intervalUs)
    },
    current: () => adapter.current(),
    likely: () => adapter.current() ?? adapter.likely?.(),
    start,
    answer,
    profile,
    traceNext,
    callTraced,
  }
}

/** Lets the request use bindings (`c.env`) whose calls are seen, on runtimes that have such. */
const { honoProfilerServe: withWatchedBindings } = {
  honoProfilerServe: async <T>(
    c: Context,
    recording: Recording,
    serve: () => Promise<T>
  ): Promise<T> => {
    const env = c.env as object | undefined
    try {
      c.env = env && (recording.bindings?.(env) ?? env)
      return await serve()
    } finally {
      c.env = env
    }
  },
}

/** Some runtimes end what a request started when its response is sent, unless they are told to wait. */
function keepAlive(c: Context, work: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(work.catch(() => undefined))
  } catch {
    // Where there is no such context, everything runs to its end.
  }
}
