import type { LineTime } from '../../analysis/lines.ts'
import { sourceLine } from '../../analysis/lines.ts'
import type { MiddlewareTime } from '../../analysis/middleware.ts'
import type { WaitGroup } from '../../analysis/waits.ts'
import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { placeText } from '../console/tree.ts'
import { MAX_TEXT, cutEnd, linesThatFit, milliseconds, percent, visible } from '../text.ts'
import { codeCell } from './syntax.ts'
import { estimateTokens } from './tokens.ts'

/** Lines and waits below this share of the request say nothing. */
const LEAST_SHARE = 0.01

/** The lines of application code with most time, as many as fit into `tokens`; empty when there are none. */
export function lineTable(lines: readonly LineTime[], data: SessionData, tokens: number): string {
  const { duration } = data.meta
  const hasText = (data.sources ?? []).length > 0
  const text = (file: string, line: number): string =>
    codeCell(cutEnd(visible(sourceLine(data, file, line)?.trim() ?? ''), MAX_TEXT, '…'))
  const ms = (time: number): string => milliseconds(time, duration)
  const rows = lines
    .filter(({ time }) => time > LEAST_SHARE * duration)
    .map(({ time, cpuTime, awaitTime, blockedTime, function: fn, line }) => [
      ms(time),
      percent(time, duration),
      ms(cpuTime),
      ms(awaitTime),
      ms(blockedTime),
      place(fn, line),
      name(fn.name),
      ...(hasText ? [text(fn.file, line)] : []),
    ])
  return table({
    title: 'Lines of the application with most time',
    note: 'What a line calls or awaits in libraries is included.',
    columns: [
      ...['Time', 'Share', 'cpu', 'await', 'blocked', 'Line', 'Function'],
      ...(hasText ? ['Text'] : []),
    ],
    numbers: 5,
    rows,
    tokens,
  })
}

/** The longest waits, as many as fit into `tokens`; empty when there are none. */
export function waitTable(waits: readonly WaitGroup[], duration: number, tokens: number): string {
  const rows = waits
    .filter(({ time, isOuter }) => time > LEAST_SHARE * duration && !isOuter)
    .map((wait) => [
      milliseconds(wait.time, duration),
      String(wait.count),
      milliseconds(wait.longest, duration),
      name(wait.unfinished ? `${wait.name} (unfinished)` : wait.name),
      wait.function ? place(wait.function, wait.line) : '',
      wait.order,
      wait.critical ? 'yes' : 'no',
    ])
  return table({
    title: 'Longest waits',
    note: 'The innermost waits only; parallel ones count once in the time. Critical: a shorter wait would have made the request shorter.',
    columns: ['Time', 'Count', 'Longest', 'Awaited', 'Line', 'Order', 'Critical'],
    numbers: 3,
    rows,
    tokens,
  })
}

/** Hono's chain by own time, as much of it as fits into `tokens`; empty when no middleware stands in it. */
export function middlewareTable(
  entries: readonly MiddlewareTime[],
  duration: number,
  tokens: number
): string {
  if (entries.length < 2) {
    return ''
  }
  const rows = entries
    .filter(({ time }) => time > LEAST_SHARE * duration)
    .sort((a, b) => b.ownTime - a.ownTime)
    .map((entry) => [
      milliseconds(entry.time, duration),
      milliseconds(entry.ownTime, duration),
      milliseconds(entry.cpuTime, duration),
      milliseconds(entry.awaitTime, duration),
      milliseconds(entry.blockedTime, duration),
      entry.kind,
      name(entry.name),
    ])
  return table({
    title: 'Middleware and handlers',
    note: 'Own time is without those inside; cpu, await and blocked are of it.',
    columns: ['Time', 'Own', 'cpu', 'await', 'blocked', 'Kind', 'Name'],
    numbers: 5,
    rows,
    tokens,
  })
}

function place({ fileShort }: FunctionRecord, line: number): string {
  return codeCell(placeText({ fileShort, line }, '…'))
}

function name(text: string): string {
  return codeCell(cutEnd(visible(text), MAX_TEXT, '…'))
}

interface Table {
  title: string
  note: string
  columns: readonly string[]
  /** How many columns, from the left, hold numbers. */
  numbers: number
  rows: readonly (readonly string[])[]
  tokens: number
}

/** A section with a table, cut after the rows that fit; empty when no row does. */
function table({ title, note, columns, numbers, rows, tokens }: Table): string {
  const head = [
    `## ${title}`,
    '',
    note,
    '',
    row(columns),
    row(columns.map((_column, i) => (i < numbers ? '--:' : '---'))),
  ].join('\n')
  const lines = linesThatFit(rows.map(row), tokens - estimateTokens(`${head}\n`), estimateTokens)
  return lines.length > 0 ? `${[head, ...lines].join('\n')}\n` : ''
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
