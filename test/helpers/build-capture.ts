import type { Capture, CapturedFrame, CapturedFunction, OperationKind } from '../../src/adapter.ts'
import { GC_STACK, IDLE_STACK, NO_STACK } from '../../src/adapter.ts'
import { normalize } from '../../src/normalize/normalize.ts'
import type { Steps } from '../../src/normalize/steps.ts'
import { STATE_FRAMES } from '../../src/session/frame.ts'
import type { SessionData, SpanRecord } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { checked } from './bound-profiler.ts'

/** An operation. Times are milliseconds of the recording's clock; the run that created it is `in`. */
export interface OperationText {
  kind?: OperationKind
  name?: string
  /** Stack that created it, like `root;handler#5;node:setTimeout`. */
  at?: string
  in: number
  created: number
  awaits?: number
  settled?: number
  settledIn?: number
  due?: number
  /** The turn of others that settled what it waits for. */
  delivery?: [start: number, end: number]
}

/** A capture by hand. Operation 0, the request itself, is added; times are milliseconds. */
export interface CaptureText {
  start?: number
  end: number
  interval?: number
  /** `[run, start, end]`, in order of time. */
  segments: [run: number, start: number, end: number][]
  /** The operation that started each run; run 0 is always the request. */
  runs?: number[]
  /** Operation 1 and on. */
  operations?: OperationText[]
  /** `[time, stack]`; a stack may be `(idle)`, `(program)` or `(gc)`. */
  samples?: [time: number, stack: string][]
  pauses?: [start: number, end: number][]
  spans?: SpanRecord[]
}

const MARKERS: Record<string, number> = {
  '(idle)': IDLE_STACK,
  '(program)': NO_STACK,
  '(gc)': GC_STACK,
}

/** The function under which the recorder starts every request. */
export const ROOT: CapturedFunction = {
  name: 'recordedRequest',
  url: 'node:recorder',
  line: 1,
  column: 1,
}

/** Functions are one object each, as runtimes give them; the order of their names gives their lines. */
const functions = new Map<string, CapturedFunction>([['root', ROOT]])

/** `name` is a function of the application, `node:name` one of Node's, `native:name` one without a file. */
function functionNamed(text: string): CapturedFunction {
  let fn = functions.get(text)
  if (!fn) {
    const [, kind, name] = /^(?:(node|native):)?(.*)$/.exec(text)!
    const url = { node: 'node:timers', native: '' }[kind ?? ''] ?? 'file:///project/src/app.ts'
    const line = kind === 'native' ? 0 : functions.size + 1
    functions.set(text, (fn = { name: name!, url, line, column: 1 }))
  }
  return fn
}

/** Frames of a stack, outermost first; `#5` is the line that a frame executes. */
export function framesOf(path: string): CapturedFrame[] {
  return path
    .split(';')
    .filter((frame) => frame !== '')
    .map((frame) => {
      const [name, line = '0'] = frame.split('#')
      return { function: functionNamed(name!), line: Number(line), column: 1 }
    })
}

export function buildCapture(text: CaptureText): Capture {
  const operations: OperationText[] = [
    { kind: 'root', in: -1, created: text.start ?? 0 },
    ...(text.operations ?? []),
  ]
  const frames = operations.map(({ at = '' }) => framesOf(at))
  const { samples = [], pauses = [], runs = [0] } = text
  const us = (ms: number | undefined): number => (ms === undefined ? NaN : ms * 1000)
  return {
    startUs: us(text.start ?? 0),
    endUs: us(text.end),
    startTime: 1_700_000_000_000,
    intervalUs: us(text.interval ?? 1),
    samples: {
      timeUs: samples.map(([time]) => us(time)),
      stack: samples.map(([, stack], i) => MARKERS[stack] ?? i),
      frames: (i) => framesOf(samples[i]![1]),
    },
    operations: {
      count: operations.length,
      kind: (i) => operations[i]!.kind ?? 'await',
      name: (i) => operations[i]!.name ?? '',
      frames: (i) => frames[i]!,
      createdUs: (i) => us(operations[i]!.created),
      createdIn: (i) => operations[i]!.in,
      awaits: (i) => operations[i]!.awaits ?? -1,
      settledUs: (i) => us(operations[i]!.settled),
      settledIn: (i) => operations[i]!.settledIn ?? -1,
      dueUs: (i) => us(operations[i]!.due),
      delivery(i) {
        const [start, end] = operations[i]!.delivery ?? []
        return start === undefined ? undefined : { startUs: us(start), endUs: us(end) }
      },
    },
    segments: {
      run: text.segments.map(([run]) => run),
      startUs: text.segments.map(([, start]) => us(start)),
      endUs: text.segments.map(([, , end]) => us(end)),
      operationOf: (run) => runs[run] ?? -1,
    },
    root: ROOT,
    pauses: {
      startUs: pauses.map(([start]) => us(start)),
      endUs: pauses.map(([, end]) => us(end)),
    },
    spans: text.spans ?? [],
    fidelity: { cpu: 'by hand', waits: 'by hand' },
    startOverhead: 0,
    stopOverhead: 0,
    notes: [],
  }
}

/** The session of a capture, after the checks that hold for all. */
export function sessionOf(text: CaptureText): SessionData {
  const steps = normalize(buildCapture(text), {
    description: 'GET /',
    runtime: 'node',
    runtimeVersion: '24.0.0',
    paths: { projectRoot: '/project', ownFiles: [] },
  })
  const data = atOnce(steps)
  return checked(new Session(data)).data
}

/** What work in steps gives, done without a break. */
function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (!step.done) {
    step = steps.next()
  }
  return step.value
}

/** A stack entry as text: `handler#5;load`. */
export function stackText({ stacks, functions: records }: SessionData, stack: number): string {
  const frames: string[] = []
  for (let at = stack; at >= 0; at = stacks.parent[at]!) {
    const line = stacks.line[at]!
    frames.push(records[stacks.function[at]!]!.name + (line > 0 ? `#${line}` : ''))
  }
  return frames.reverse().join(';')
}

/** What the request did, one line a sample: `handler#5;[await] 10`. */
export function timelineOf(data: SessionData): string[] {
  const { stack, state, durationUs } = data.samples
  return stack.map((entry, i) => {
    const path = [stackText(data, entry), state[i] === 0 ? '' : STATE_FRAMES[state[i]!]!]
    return `${path.filter(Boolean).join(';')} ${durationUs[i]! / 1000}`
  })
}

export type Samples = NonNullable<CaptureText['samples']>

/** A sample each millisecond from `start` on, as long as there are stacks. */
export function every(start: number, ...stacks: string[]): Samples {
  return stacks.map((stack, i) => [start + i, stack])
}

/** The same stack so many times. */
export const repeat = (stack: string, times: number): string[] => Array<string>(times).fill(stack)

/** Waits from 1 to 21 ms at `handler#5`, for a timer that was due at `due`. */
export function waiting(samples: Samples, due?: number): CaptureText {
  return {
    end: 22,
    segments: [
      [0, 0, 1],
      [1, 21, 22],
    ],
    runs: [0, 1],
    operations: [
      { kind: due ? 'callback' : 'await', at: 'root;handler#5', in: 0, created: 1, due },
    ],
    samples,
  }
}

/** The rows of the waterfall: `setTimeout at handler#5 1/2-12 critical`, begun, awaited and gone on. */
export function waitsOf(text: CaptureText): string[] {
  const data = sessionOf(text)
  return data.waits.map(
    ({ name, stack, startUs, awaitedUs, endUs, critical, unfinished }) =>
      `${name} at ${stackText(data, stack)} ${startUs / 1000}/${awaitedUs / 1000}-${endUs / 1000}` +
      (critical ? ' critical' : '') +
      (unfinished ? ' unfinished' : '')
  )
}
