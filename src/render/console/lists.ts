import { hotLines, sourceLine } from '../../analysis/lines.ts'
import { userSpans } from '../../analysis/spans.ts'
import type { Frame } from '../../session/frame.ts'
import type { FunctionRecord } from '../../session/records.ts'
import type { Session } from '../../session.ts'
import { functionTimes } from '../function-times.ts'
import { leadingState } from '../summary.ts'
import { cutEnd, visible } from '../text.ts'
import type { Look } from './look.ts'
import { heat } from './look.ts'
import { placeText } from './tree.ts'

/** Lines of application code in the long form, and the share of the request from which on they are listed. */
const MAX_HOT_LINES = 5
const HOT_SHARE = 0.01

/** Functions below this share of the request are left out of the list unless everything is asked for. */
const FLAT_SHARE = 0.001

/** Names of spans that are listed. */
const MAX_SPANS = 10

/** The most of a line's text that is shown, in characters. */
const MAX_TEXT = 80

/** The widest column of names, in characters. */
const MAX_NAME = 40

/** Which functions are listed, and by what. */
interface FlatOptions {
  flatTime?: 'self' | 'total'
  showAll?: boolean
  filterThreshold?: number
}

interface Row {
  time: number
  cpuTime: number
  awaitTime: number
  blockedTime: number
  function: FunctionRecord
  line: number
  /** The line as it is written. */
  text?: string | undefined
}

/** The lines of application code with most time, what they call in libraries included; then a blank line. */
export function hotLineLines(session: Session, look: Look): string[] {
  const { duration } = session
  const lines = hotLines(session.data)
    .filter(({ time }) => time > HOT_SHARE * duration)
    .slice(0, MAX_HOT_LINES)
    .map((row) => ({ ...row, text: sourceLine(session.data, row.function.file, row.line) }))
  if (lines.length === 0) {
    return []
  }
  const title = 'Your lines with most time, calls into libraries included'
  return [look.paint('title', title), ...rowLines(lines, duration, look), '']
}

/** A title, then the parts of the request that the user named, one line for each; nothing when there are none. */
export function spanLines({ data }: Session, { paint, glyphs, formatTime }: Look): string[] {
  const spans = userSpans(data).slice(0, MAX_SPANS)
  if (spans.length === 0) {
    return []
  }
  const times = spans.map(({ time }) => formatTime(time))
  const width = Math.max(...times.map((time) => time.length))
  const rows = spans.map(({ name, count }, i) => {
    const text = cutEnd(visible(name), MAX_NAME, glyphs.ellipsis)
    return `${times[i]!.padStart(width)}  ${text}${count > 1 ? paint('faint', `  ${count} times`) : ''}`
  })
  return [paint('title', 'Your spans'), ...rows, '']
}

/** A title, then functions by time, one line for each. */
export function flatLines(root: Frame, options: FlatOptions, look: Look): string[] {
  const { flatTime = 'self', showAll, filterThreshold = FLAT_SHARE } = options
  const least = showAll ? 0 : filterThreshold * root.time
  const rows = functionTimes(root, flatTime)
    .filter(({ time }) => time > least)
    .map((entry) => ({ ...entry, line: entry.function.line }))
  const title = flatTime === 'self' ? 'Functions by self time' : 'Functions by total time'
  return [look.paint('title', title), ...rowLines(rows, root.time, look)]
}

/** `153.2 ms  await  query  src/db.ts:14`, in columns. */
function rowLines(rows: readonly Row[], wholeMs: number, look: Look): string[] {
  const { paint, glyphs, formatTime } = look
  const texts = rows.map((row) => ({
    time: formatTime(row.time),
    state: leadingState(row),
    name: cutEnd(visible(row.function.name), MAX_NAME, glyphs.ellipsis),
    place: placeText({ ...row.function, line: row.line }, glyphs.ellipsis),
  }))
  const width = (of: (text: (typeof texts)[number]) => string): number =>
    texts.reduce((widest, text) => Math.max(widest, of(text).length), 0)
  const [timeWidth, stateWidth, nameWidth] = [
    width(({ time }) => time),
    width(({ state }) => state.text),
    width(({ name }) => name),
  ]
  return texts.flatMap(({ time, state, name, place }, i) => {
    const { function: fn, text } = rows[i]!
    const { origin } = fn
    const code = text?.trim() && cutEnd(visible(text.trim()), MAX_TEXT, glyphs.ellipsis)
    const padded = name.padEnd(nameWidth)
    const row = [
      paint(heat(rows[i]!.time / wholeMs), time.padStart(timeWidth)),
      paint(state.state, state.text.padEnd(stateWidth)),
      origin === 'app' ? paint('application', padded) : padded,
      paint('faint', place),
    ].join('  ')
    return code ? [row, `${' '.repeat(timeWidth)}  ${paint('faint', code)}`] : [row]
  })
}
