import { Hono } from 'hono'
import { readFile } from 'node:fs/promises'
import type { Session, SessionStore } from 'hono-profiler'
import { Session as Sessions, profiler } from 'hono-profiler'
import { FAILED, UserError } from './exit.ts'
import type { App } from './load-app.ts'
import { loadApp } from './load-app.ts'
import { progress, tell } from './output.ts'

/** How `run` asks an application. */
export interface RunOptions {
  method?: string
  header: string[]
  data?: string
  repeat: number
  warmup: number
  interval?: number
  export?: string
}

/** Asks an application for a path, again and again, and gives all recorded requests as one session. */
export async function runApp(file: string, path: string, options: RunOptions): Promise<Session> {
  const request = await requestMaker(path, options)
  const app = await loadApp(file, options.export)
  const sessions: Session[] = []
  const profiled = withProfiler(app, collector(sessions), options)
  const { warmup, repeat } = options
  const shown = progress(`${request().method} ${path}`)
  for (let done = 0; done < warmup + repeat; done++) {
    shown.at(done + 1, warmup + repeat)
    await ask(done < warmup ? app : profiled, request())
  }
  shown.end()
  if (sessions.length === 0) {
    throw new UserError('no request was recorded; what stderr says above is the reason')
  }
  await warnOfFailures(sessions)
  return sessions.length === 1 ? sessions[0]! : Sessions.combine(sessions)
}

async function warnOfFailures(sessions: readonly Session[]): Promise<void> {
  const statuses = sessions.map(({ meta }) => meta.request?.status ?? 0)
  const failed = statuses.filter((status) => status >= 400)
  if (failed.length > 0) {
    await tell(
      `hono-profiler: ${failed.length} of ${statuses.length} requests failed with ${[...new Set(failed)].join(', ')}`
    )
    process.exitCode = FAILED
  }
}

async function requestMaker(path: string, options: RunOptions): Promise<() => Request> {
  const { data, method = data === undefined ? 'GET' : 'POST' } = options
  const body = data?.startsWith('@') ? await readFile(data.slice(1)) : data
  const headers = new Headers(options.header.map(headerPair))
  const url = new URL(path, 'http://localhost')
  return () => new Request(url, { method, headers, ...(body !== undefined && { body }) })
}

function headerPair(text: string): [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) {
    throw new UserError(`a header is written 'Name: value', not ${JSON.stringify(text)}`)
  }
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

/** The header that makes the profiler record; its report is thrown away, so it is the smallest. */
const ASK = { 'x-profile': 'folded' }

/** The application below a profiler of ours: its own routes stay the ones that are seen. */
function withProfiler(app: App, store: SessionStore, { interval }: RunOptions): App {
  const outer = new Hono()
  outer.use(
    // Who typed the path may see it in the report.
    profiler({
      enabled: true,
      queryValues: true,
      store,
      ...(interval !== undefined && { interval }),
    })
  )
  if ('routes' in app) {
    outer.route('/', app)
  } else {
    outer.all('*', (c) => app.fetch(c.req.raw))
  }
  return {
    fetch: (request: Request) => {
      for (const [name, value] of Object.entries(ASK)) {
        request.headers.set(name, value)
      }
      return outer.fetch(request)
    },
  }
}

/** The body is read to its end: a response that streams is not over before. */
async function ask(app: App, request: Request): Promise<void> {
  const response = await app.fetch(request)
  await response.arrayBuffer()
}

/** Takes sessions as a store does. */
function collector(sessions: Session[]): SessionStore {
  return {
    save: (session) => Promise.resolve(String(sessions.push(session))),
    load: () => Promise.resolve(undefined),
    list: () => Promise.resolve([]),
  }
}
