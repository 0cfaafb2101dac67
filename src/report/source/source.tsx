import { useContext, useEffect, useMemo, useRef, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { cutEnd, visible } from '../../render/text.ts'
import { PageContext } from '../context.ts'
import { editorUrl } from '../editor.ts'
import { formatTime, location, shortName } from '../format.ts'
import { Path } from '../place.tsx'
import { Marked } from '../search/marked.tsx'
import { SplitBar } from '../split-bar.tsx'
import { splitOf, stateLabels } from '../split.ts'
import type { ViewProps } from '../view.ts'
import type { FileLine, SourceFile } from './files.ts'
import { sourceFiles } from './files.ts'

/** The lines of the application that took time, in their files. */
export function Source({ data, selected, isMatch }: ViewProps): JSX.Element {
  const all = useMemo(() => sourceFiles(data), [data])
  const { pattern } = useContext(PageContext)
  const files = isMatch ? all.filter((file) => isFound(file, isMatch, pattern)) : all
  const [chosen, choose] = useState<string | undefined>(undefined)
  const file =
    files.find(({ record }) => record.file === (chosen ?? selected?.filePath)) ?? files[0]
  if (!file) {
    const why = isMatch
      ? 'No file matches the search.'
      : 'No code of yours was seen in this request.'
    return <p class="nothing">{why}</p>
  }
  return (
    <div class="source-split">
      <nav class="source-files" aria-label="Files">
        <ul>
          {files.map((each) => (
            <li>
              <button
                type="button"
                aria-current={each === file ? 'true' : undefined}
                onClick={() => {
                  choose(each.record.file)
                }}
              >
                <FileTime time={each.time} duration={data.meta.duration} />
                <span class="source-path">
                  <Path text={location(each.record, 0)} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <SourceTable key={file.record.file} file={file} duration={data.meta.duration} />
    </div>
  )
}

function isFound(
  { record, lines }: SourceFile,
  isMatch: NonNullable<ViewProps['isMatch']>,
  pattern: RegExp | undefined
): boolean {
  const isInText = ({ text, times }: FileLine) =>
    pattern !== undefined && (pattern.test(text ?? '') || pattern.test(times?.function ?? ''))
  return isMatch({ ...record, name: '' }) || lines.some(isInText)
}

function FileTime({ time, duration }: { time: number; duration: number }): JSX.Element {
  const { options } = useContext(PageContext)
  return <span class="figure">{formatTime(time, duration, options.unit)}</span>
}

function SourceTable({ file, duration }: { file: SourceFile; duration: number }): JSX.Element {
  const hottest = file.lines.reduce((most, { times }) => Math.max(most, times?.time ?? 0), 0)
  const scroller = useRef<HTMLElement>(null)
  useEffect(() => {
    const element = scroller.current!
    const row = element.querySelector<HTMLElement>('.hottest')
    element.scrollTop = (row?.offsetTop ?? 0) - element.clientHeight / 3
  }, [file])
  return (
    <div
      ref={scroller}
      class="source-scroller"
      tabindex={0}
      role="region"
      aria-label={location(file.record, 0)}
    >
      <table class="source-lines">
        <thead>
          <tr>
            <th scope="col" class="number">
              Computing
            </th>
            <th scope="col" class="number">
              Waiting
            </th>
            <th scope="col">
              <span class="unseen">Share of the hottest line</span>
            </th>
            <th scope="col" class="number">
              Line
            </th>
            <th scope="col">{location(file.record, 0)}</th>
          </tr>
        </thead>
        <tbody>
          {file.lines.map((line, i) => (
            <Line
              key={line.line}
              file={file}
              line={line}
              isAfterGap={i > 0 && file.lines[i - 1]!.line + 1 < line.line}
              hottest={hottest}
              duration={duration}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface LineProps {
  file: SourceFile
  line: FileLine
  isAfterGap: boolean
  /** Milliseconds of the line of the file with most time. */
  hottest: number
  /** Milliseconds of the whole request. */
  duration: number
}

/** The longest line that is shown in full, in characters. */
const MAX_LINE = 400

function Line({ file, line, isAfterGap, hottest, duration }: LineProps): JSX.Element {
  const { options, pattern } = useContext(PageContext)
  const { times } = line
  const split = times && splitOf(times)
  const url = editorUrl(options, file.record, line.line)
  const time = (ms: number) => (ms > 0 ? formatTime(ms, duration, options.unit) : '')
  return (
    <tr class={lineClass(times?.time, hottest, isAfterGap)}>
      <td class="number cpu">{split && time(split.cpu + split.gc)}</td>
      <td class="number await">{split && time(split.await + split.blocked)}</td>
      <td class="source-bar" title={split && splitText(split, time)}>
        {split && <SplitBar split={split} whole={hottest} />}
      </td>
      <td class="number source-number">
        {url === undefined ? line.line : <a href={url}>{line.line}</a>}
      </td>
      <td class="source-text">
        {line.text === undefined ? (
          <i>{shortName(times?.function ?? '')}</i>
        ) : (
          <Marked text={lineText(line.text)} pattern={pattern} />
        )}
      </td>
    </tr>
  )
}

function lineClass(time: number | undefined, hottest: number, isAfterGap: boolean): string {
  const heat = time === undefined ? '' : time === hottest ? 'hot hottest' : 'hot'
  return isAfterGap ? `${heat} gap` : heat
}

/** A line of source, its tabs as two blanks. */
function lineText(text: string): string {
  return cutEnd(visible(text.replaceAll('\t', '  ')), MAX_LINE, '…')
}

function splitText(split: ReturnType<typeof splitOf>, time: (ms: number) => string): string {
  return stateLabels
    .filter(({ state }) => split[state] > 0)
    .map(({ state, doing }) => `${time(split[state])} ${doing}`)
    .join(', ')
}
