import { STATE_FRAMES } from '../../src/session/frame.ts'
import type {
  FunctionRecord,
  Origin,
  SessionData,
  SessionMeta,
  SpanRecord,
} from '../../src/session/records.ts'
import { SESSION_FORMAT, SESSION_VERSION, STATES } from '../../src/session/records.ts'

/** What a session says besides its samples. A `path` is a stack as samples are written, without its time. */
export interface BuildOptions {
  meta?: Partial<SessionMeta>
  /** Times in milliseconds. */
  waits?: {
    path: string
    start: number
    awaited?: number
    end: number
    critical?: boolean
    unfinished?: true
  }[]
  blockers?: { path: string; start: number; duration: number }[]
  spans?: { name: string; kind?: SpanRecord['kind']; start: number; end: number; parent?: number }[]
}

/**
 * A session from one line per sample: a path, outermost frame first, and milliseconds.
 *
 *     handler;loadUser;[await] 50
 *     handler;render@src/view.ts:7#9;lib:hono/html 20
 *
 * A frame is `name`, in application code, or `lib:PACKAGE/name`, `runtime:name`, `native:name`,
 * `profiler:name`. `@file:line` says where it is defined, by default in `src/app.ts`, the first function of
 * the text in line 1, the second in line 2; `#line` is the line it executes. The last frame may be `[await]`,
 * `[blocked]`, `[gc]` or `[self]`; a sample ends in `[self]` when it says nothing else.
 */
export function buildSession(text: string, options: BuildOptions = {}): SessionData {
  const tables = new Tables()
  const samples: SessionData['samples'] = { stack: [], durationUs: [], state: [] }
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, path, ms] = /^\s*(.*) ([\d.]+)\s*$/.exec(line)!
    const { stack, state } = tables.sample(path!)
    samples.stack.push(stack)
    samples.durationUs.push(toUs(Number(ms)))
    samples.state.push(state)
  }
  const { waits = [], blockers = [], spans = [] } = options
  return {
    format: SESSION_FORMAT,
    version: SESSION_VERSION,
    meta: { ...metaOf(samples), ...options.meta },
    functions: tables.functions,
    stacks: tables.stacks,
    samples,
    blockers: {
      stack: blockers.map(({ path }) => tables.sample(path).stack),
      startUs: blockers.map(({ start }) => toUs(start)),
      durationUs: blockers.map(({ duration }) => toUs(duration)),
    },
    waits: waits.map(({ path, start, awaited = start, end, critical = true, ...flags }) => ({
      name: path.split(';').at(-1)!,
      stack: tables.sample(path).stack,
      startUs: toUs(start),
      awaitedUs: toUs(awaited),
      endUs: toUs(end),
      critical,
      ...flags,
    })),
    spans: spans.map(({ name, kind = 'user', start, end, parent = -1 }) => ({
      name,
      kind,
      startUs: toUs(start),
      endUs: toUs(end),
      parent,
    })),
  }
}

const toUs = (ms: number): number => Math.round(ms * 1000)

/** The meta of samples: totals and duration are theirs, all else is the same for all. */
export function metaOf(samples: SessionData['samples']): SessionMeta {
  const sumMs = (accepts: (state: number) => boolean): number =>
    samples.durationUs.reduce((sum, us, i) => sum + (accepts(samples.state[i]!) ? us : 0), 0) / 1000
  return {
    description: 'GET /',
    runtime: 'node',
    runtimeVersion: '24.0.0',
    startTime: 1_700_000_000_000,
    duration: sumMs(() => true),
    interval: 1,
    sampleCount: samples.stack.length,
    totals: {
      cpu: sumMs((state) => STATES[state] === 'cpu'),
      gc: sumMs((state) => STATES[state] === 'gc'),
      await: sumMs((state) => STATES[state] === 'await'),
      blocked: sumMs((state) => STATES[state] === 'blocked'),
    },
    fidelity: { cpu: 'sampled', waits: 'tracked' },
    overhead: { start: 1, excluded: 0.5, stop: 2 },
    notes: [],
    runs: 1,
  }
}

const FRAME = /^(?:(lib|runtime|native|profiler):)?(@?[^@#]+)(?:@([^#]+?)(?::(\d+))?)?(?:#(\d+))?$/

class Tables {
  readonly functions: FunctionRecord[] = []
  readonly stacks: SessionData['stacks'] = { parent: [], function: [], line: [] }
  readonly #functionPositions = new Map<string, number>()
  readonly #stackPositions = new Map<string, number>()

  sample(path: string): { stack: number; state: number } {
    const frames = path.split(';')
    const state = STATE_FRAMES.indexOf(frames.at(-1)!)
    if (state >= 0) {
      frames.pop()
    }
    const stack = frames.reduce((parent, frame) => this.#stackOf(parent, frame), -1)
    return { stack, state: Math.max(state, 0) }
  }

  #stackOf(parent: number, frame: string): number {
    const match = FRAME.exec(frame)
    if (!match) {
      throw new Error(`not a frame: ${frame}`)
    }
    const [, kind, name, file, line, executing = '0'] = match
    const fn = intern(this.#functionPositions, frame.replace(/#\d+$/, ''), () => {
      const definedIn = Number(line ?? this.functions.length + 1)
      return this.functions.push(functionOf(kind, name!, file, definedIn)) - 1
    })
    return intern(this.#stackPositions, `${parent},${fn},${executing}`, () => {
      this.stacks.function.push(fn)
      this.stacks.line.push(Number(executing))
      return this.stacks.parent.push(parent) - 1
    })
  }
}

function functionOf(
  kind: string | undefined,
  name: string,
  file: string | undefined,
  line: number
): FunctionRecord {
  const app = (origin: Origin, fileShort: string): FunctionRecord => ({
    name,
    file: `/project/${fileShort}`,
    fileShort,
    line,
    column: 1,
    origin,
  })
  switch (kind) {
    case 'lib': {
      const slash = name.lastIndexOf('/')
      const owner = name.slice(0, slash)
      const fileShort = `${owner}/${file ?? 'index.js'}`
      const library = { ...app('library', fileShort), name: name.slice(slash + 1), package: owner }
      return { ...library, file: `/project/node_modules/${fileShort}` }
    }
    case 'profiler': {
      const fileShort = `hono-profiler/${file ?? 'index.js'}`
      return { ...app('profiler', fileShort), file: `/project/node_modules/${fileShort}` }
    }
    case 'runtime': {
      const module = `node:${file ?? 'internal/timers'}`
      return { ...app('runtime', module), file: module }
    }
    case 'native':
      return { ...app('native', ''), file: '', line: 0, column: 0 }
    default:
      return app('app', file ?? 'src/app.ts')
  }
}

function intern(positions: Map<string, number>, key: string, add: () => number): number {
  let position = positions.get(key)
  if (position === undefined) {
    position = add()
    positions.set(key, position)
  }
  return position
}
