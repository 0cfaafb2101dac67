import type { ProcessorOptions, ProcessorSelection } from '../processors.ts'
import { processTree } from '../processors.ts'
import type { Session } from '../session.ts'
import { footerLines, headerLines, totalsLine } from './console/edges.ts'
import { findingLines } from './console/findings.ts'
import { flatLines, hotLineLines, spanLines } from './console/lists.ts'
import type { Look } from './console/look.ts'
import { ASCII, UNICODE, paintColor, paintPlain } from './console/look.ts'
import { treeLines } from './console/tree.ts'
import type { Renderer } from './renderer.ts'
import { NO_SAMPLES, requestText } from './summary.ts'
import { milliseconds, percent } from './text.ts'

/** How the console text looks, and what is in it. */
export interface ConsoleOptions extends ProcessorOptions, ProcessorSelection {
  /** Terminal colours. @default false */
  color?: boolean
  /** Box-drawing characters; otherwise ASCII. @default true */
  unicode?: boolean
  /** No header and no counts: the request, its totals, the tree and how it was measured. @default false */
  shortMode?: boolean
  /** Lists functions instead of drawing the tree; not together with `timeline`. @default false */
  flat?: boolean
  /** The time by which `flat` lists: `self` without, `total` with the calls in it. @default 'self' */
  flatTime?: 'self' | 'total'
  /** Times in the tree: milliseconds, or percent of the request. @default 'ms' */
  time?: 'ms' | 'percent'
}

/**
 * Renders a session as text for terminals.
 *
 * @throws TypeError When `flat` and `timeline` are both set, or `time` or `flatTime` is not one of its values.
 */
export function consoleRenderer(options: ConsoleOptions = {}): Renderer {
  checkOptions(options)
  return {
    name: 'text',
    contentType: 'text/plain; charset=utf-8',
    extension: 'txt',
    render: (session) => {
      const view = viewOf(options, session)
      const lines = options.shortMode
        ? shortLines(session, options, view)
        : longLines(session, options, view)
      return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
    },
  }
}

function checkOptions({ flat, timeline, time = 'ms', flatTime = 'self' }: ConsoleOptions): void {
  if (flat && timeline) {
    throw new TypeError(
      'hono-profiler: a list of functions has no order of time; set `flat` or `timeline`, not both'
    )
  }
  checkOneOf('time', time, ['ms', 'percent'])
  checkOneOf('flatTime', flatTime, ['self', 'total'])
}

function checkOneOf(option: string, value: string, values: readonly string[]): void {
  if (!values.includes(value)) {
    throw new TypeError(
      `hono-profiler: \`${option}\` is '${value}', but it must be one of ${values.join(', ')}`
    )
  }
}

function viewOf({ color, unicode = true, time }: ConsoleOptions, { duration }: Session): Look {
  return {
    paint: color ? paintColor : paintPlain,
    glyphs: unicode ? UNICODE : ASCII,
    formatTime: (ms) =>
      time === 'percent' ? percent(ms, duration, 1) : milliseconds(ms, duration),
  }
}

function longLines(session: Session, options: ConsoleOptions, view: Look): string[] {
  return [
    '',
    ...headerLines(session.meta, view),
    '',
    ...requestLines(session, view),
    '',
    ...(options.flat ? [] : hotLineLines(session, view)),
    ...spanLines(session, view),
    ...bodyLines(session, options, view),
    '',
    ...findingLines(session.findings(), view),
    ...footerLines(session.meta, view),
  ]
}

/** Columns of the dotted lines. */
const SHORT_WIDTH = 53

function shortLines(session: Session, options: ConsoleOptions, view: Look): string[] {
  const inner = [
    '',
    ...requestLines(session, view),
    '',
    ...bodyLines(session, options, view),
    '',
    ...footerLines(session.meta, view),
  ]
  return [
    'hono-profiler '.padEnd(SHORT_WIDTH, '.'),
    ...inner.map((line) => `.  ${line}`),
    '.'.repeat(SHORT_WIDTH),
  ]
}

function requestLines({ meta }: Session, { paint, glyphs }: Look): string[] {
  const { title, route, runtime, error } = requestText(meta, glyphs.arrow, glyphs.ellipsis)
  const details = route ? `${route}  ${runtime}` : runtime
  return [
    `${paint('title', title)}  ${paint('faint', details)}`,
    ...(error ? [paint('error', error)] : []),
    totalsLine(meta, paint),
  ]
}

function bodyLines(session: Session, options: ConsoleOptions, view: Look): string[] {
  if (session.duration === 0) {
    return [NO_SAMPLES]
  }
  const { timeline } = options
  if (options.flat) {
    // Small calls count for their own function here, not for their callers; the list is cut later.
    const root = processTree(session.rootFrame(), { ...options, filterThreshold: 0 })
    return flatLines(root, options, view)
  }
  const root = processTree(session.rootFrame({ timeline }), options)
  return treeLines(root, view)
}
