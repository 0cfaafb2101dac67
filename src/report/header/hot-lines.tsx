import { useMemo } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { LineTime } from '../../analysis/lines.ts'
import { hotLines, sourceLine } from '../../analysis/lines.ts'
import { leadingState } from '../../render/summary.ts'
import { counted, milliseconds, percent } from '../../render/text.ts'
import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { location, shortName } from '../format.ts'
import { Path } from '../place.tsx'
import { SplitBar } from '../split-bar.tsx'
import { splitOf, stateLabels } from '../split.ts'

const SHOWN = 5
/** Lines below this share of the request are only counted. */
const LEAST_SHARE = 0.01

interface HotLinesProps {
  data: SessionData
  /** Called with the function of the line that the reader chose. */
  onChoose: (record: FunctionRecord) => void
}

/** The answer to "which of my lines, and is it computing or waiting?". */
export function HotLines({ data, onChoose }: HotLinesProps): JSX.Element {
  const lines = useMemo(() => hotLines(data), [data])
  const { duration } = data.meta
  const shown = lines
    .slice(0, SHOWN)
    .filter(({ time }, i) => i === 0 || time >= LEAST_SHARE * duration)
  return (
    <section class="hot-lines" aria-labelledby="hot-lines-title">
      <h2 id="hot-lines-title">Your lines that took most</h2>
      {lines.length === 0 && <p class="empty">No code of yours was seen in this request.</p>}
      <ol>
        {shown.map((line) => (
          <li>
            <button
              type="button"
              class="hot-line"
              onClick={() => {
                onChoose(line.function)
              }}
            >
              <HotLine
                line={line}
                duration={duration}
                text={sourceLine(data, line.function.file, line.line)}
              />
            </button>
          </li>
        ))}
      </ol>
      <p class="elsewhere">
        {restText(lines.slice(shown.length), outside(lines, duration), duration)}
      </p>
    </section>
  )
}

/** Milliseconds in no line of the application. */
function outside(lines: readonly LineTime[], duration: number): number {
  return lines.reduce((left, line) => left - line.time, duration)
}

function restText(rest: readonly LineTime[], outsideMs: number, duration: number): string {
  const inRest = rest.reduce((sum, line) => sum + line.time, 0)
  return [
    rest.length > 0 && `${milliseconds(inRest, duration)} in ${counted(rest.length, 'more line')}`,
    outsideMs > duration / 1000 && `${milliseconds(outsideMs, duration)} outside your code`,
  ]
    .filter(Boolean)
    .join(', ')
}

interface HotLineProps {
  line: LineTime
  duration: number
  /** The line as it is written, where the session holds it. */
  text: string | undefined
}

function HotLine({ line, duration, text }: HotLineProps): JSX.Element {
  const split = splitOf(line)
  const { state } = leadingState(line)
  const { doing } = stateLabels.find((entry) => entry.state === state)!
  return (
    <>
      <SplitBar split={split} whole={duration} />
      <span class="hot-time">{milliseconds(line.time, duration)}</span>
      <span class="hot-place">
        <b>
          <Path text={location(line.function, line.line)} />
        </b>{' '}
        <span>{shortName(text?.trim() || line.function.name)}</span>
      </span>
      <span class={`verdict ${state}`}>
        {percent(split[state], line.time)} {doing}
      </span>
    </>
  )
}
