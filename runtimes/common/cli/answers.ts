import { relative, sep } from 'node:path'
import type {
  Change,
  HotPathOptions,
  ProfileEntry,
  QueryOptions,
  Session,
  SessionDiff,
} from 'hono-profiler'
import type { Answer } from './table.ts'

/** What a session answers, by the name of the command that asks. */

export function flatAnswer(session: Session, options: QueryOptions): Answer {
  const what = options.by === 'total' ? 'Total time' : 'Self time'
  return entriesAnswer(`${what} by ${options.group ?? 'function'}`, session, session.flat(options))
}

export function callersAnswer(session: Session, name: string, options: QueryOptions): Answer {
  return entriesAnswer(`Callers of ${name}`, session, session.callers(name, options))
}

export function calleesAnswer(session: Session, name: string, options: QueryOptions): Answer {
  return entriesAnswer(`Time below ${name}`, session, session.callees(name, options))
}

function entriesAnswer(title: string, { duration }: Session, entries: ProfileEntry[]): Answer {
  return {
    title,
    none: 'No function has time here.',
    columns: ['time', 'share', 'function', 'place'],
    rows: entries.map((entry) => [
      ms(entry.time),
      share(entry.time, duration),
      entry.function,
      place(entry.file, entry.line),
    ]),
    data: entries,
  }
}

export function hotPathsAnswer(session: Session, options: HotPathOptions): Answer {
  const paths = session.hotPaths(options)
  return {
    title: 'Stacks with most time',
    none: 'No stack has time here.',
    columns: ['time', 'share', 'path'],
    rows: paths.map(({ time, path }) => [ms(time), share(time, session.duration), path]),
    data: paths,
  }
}

/** The table has only waits that no others explain; JSON has them all, with `isOuter`. */
export function waitsAnswer(session: Session, { n }: QueryOptions): Answer {
  const waits = session.waits()
  const innermost = waits.filter(({ isOuter }) => !isOuter).slice(0, n)
  return {
    title: 'What was awaited',
    none: 'Nothing was awaited, as far as it is known.',
    columns: ['time', 'share', 'count', 'longest', 'order', 'makes it longer', 'awaited', 'place'],
    rows: innermost.map((wait) => [
      ms(wait.time),
      share(wait.time, session.duration),
      wait.count,
      ms(wait.longest),
      wait.order,
      wait.critical ? 'yes' : 'no',
      wait.unfinished ? `${wait.name} (unfinished)` : wait.name,
      placeIn(wait.function, wait.line),
    ]),
    data: waits.slice(0, n),
  }
}

export function linesAnswer(
  session: Session,
  file: string | undefined,
  { n }: QueryOptions
): Answer {
  const lines = session.lines(file).slice(0, n)
  return {
    title: 'Lines with most time',
    none: 'No line of the application has time here.',
    columns: ['time', 'share', 'computing', 'waiting', 'blocked', 'place', 'line'],
    rows: lines.map((line) => [
      ms(line.time),
      share(line.time, session.duration),
      ms(line.cpuTime),
      ms(line.awaitTime),
      ms(line.blockedTime),
      place(line.file, line.line),
      line.text?.trim() ?? line.function,
    ]),
    data: lines,
  }
}

export function findingsAnswer(session: Session): Answer {
  const findings = session.findings()
  return {
    title: 'Findings',
    none: 'Nothing stands out.',
    columns: ['time', 'share', 'finding', 'what to do', 'place'],
    rows: findings.map((finding) => [
      ms(finding.time),
      share(finding.time, session.duration),
      finding.title,
      finding.advice,
      placeIn(finding.function, finding.line),
    ]),
    data: findings,
  }
}

export function middlewareAnswer(session: Session): Answer {
  const chain = session.middleware()
  return {
    title: 'Middleware and handlers',
    none: 'No middleware was seen.',
    columns: ['time', 'own', 'computing', 'waiting', 'blocked', 'count', 'name'],
    rows: chain.map((each) => [
      ms(each.time),
      ms(each.ownTime),
      ms(each.cpuTime),
      ms(each.awaitTime),
      ms(each.blockedTime),
      each.count,
      `${'  '.repeat(each.depth)}${each.name}${each.kind === 'handler' ? ' (handler)' : ''}`,
    ]),
    data: chain,
  }
}

/** Changes that chance hardly explains; with `all`, the others as well. */
export function diffAnswer(
  difference: SessionDiff,
  { all, n }: { all?: boolean; n?: number }
): Answer {
  const { total, states, functions, lines, waits, runs, confidence } = difference
  const isShown = ({ significant }: Change): boolean => significant || all === true
  const stateRows = Object.entries(states)
    .filter(([, change]) => isShown(change))
    .map(([state, change]) => changeRow(state, change))
  const changed = <Row extends Change>(rows: readonly Row[]): Row[] =>
    rows.filter(isShown).slice(0, n)
  return {
    title: `${runs.before} requests before, ${runs.after} after; intervals hold the change ${confidence * 100} % of the time`,
    none: '',
    columns: ['before', 'after', 'change', 'interval', 'of'],
    rows: [
      changeRow(`the request${total.significant ? '' : ' (may be chance)'}`, total),
      ...stateRows,
      ...changed(functions).map((row) =>
        changeRow(`function ${row.function} ${place(row.file, row.line)}`, row)
      ),
      ...changed(lines).map((row) =>
        changeRow(`line ${place(row.file, row.line)} in ${row.function}`, row)
      ),
      ...changed(waits).map((row) =>
        changeRow(`wait ${row.name} ${place(row.file, row.line)}`, row)
      ),
    ],
    data: difference,
  }
}

function changeRow(
  what: string,
  { before, after, change, low, high }: Change
): (string | number)[] {
  return [ms(before), ms(after), signed(change), `${signed(low)} to ${signed(high)}`, what]
}

const signed = (time: number): string => `${time > 0 ? '+' : ''}${ms(time)}`

/** Milliseconds with three digits that count, at least one decimal. */
export function ms(time: number): string {
  const decimals = Math.abs(time) >= 10 ? 1 : Math.abs(time) >= 1 ? 2 : 3
  return `${time.toFixed(decimals)} ms`
}

function share(time: number, duration: number): string {
  return `${((time / (duration || 1)) * 100).toFixed(1)}%`
}

function placeIn(record: { name: string; file: string } | undefined, line: number): string {
  return record ? `${record.name} ${place(record.file, line)}` : ''
}

/** The file as one would type it here: relative to the working directory, or as `package/path`. */
function place(file: string, line: number): string {
  if (file === '') {
    return ''
  }
  const library = file.lastIndexOf('/node_modules/')
  const short = library < 0 ? relativePath(file) : file.slice(library + '/node_modules/'.length)
  return line > 0 ? `${short}:${line}` : short
}

function relativePath(file: string): string {
  const path = file.startsWith('/') ? relative(process.cwd(), file) : file
  return path.startsWith(`..${sep}`) ? file : path
}
