import { useContext, useMemo } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { sourceLine } from '../analysis/lines.ts'
import { counted, cutEnd, milliseconds, percent, visible } from '../render/text.ts'
import type { Frame } from '../session/frame.ts'
import type { SessionData } from '../session/records.ts'
import { PageContext } from './context.ts'
import { copyText } from './copy.ts'
import { editorUrl, editors } from './editor.ts'
import { shortName } from './format.ts'
import { frameLines } from './frame-lines.ts'
import { Path } from './place.tsx'
import { splitOf, stateLabels } from './split.ts'

/** The longest name or path that is shown in full, in characters. */
const MAX_DETAIL = 600

/** How many lines of a call are told. */
const MAX_LINES = 4

interface DetailsProps {
  data: SessionData
  frame: Frame | undefined
  /** What to do when nothing is selected. */
  hint: string
  /** When the call ran, for one that stands in time. */
  when?: string | undefined
}

/** Everything about the selected frame. A screen reader hears it when the selection moves. */
export function Details({ data, frame, hint, when }: DetailsProps): JSX.Element {
  return (
    <div class="details" role="status">
      {frame ? <FrameDetails data={data} frame={frame} when={when} /> : <p>{hint}</p>}
    </div>
  )
}

interface FrameDetailsProps {
  data: SessionData
  frame: Frame
  when: string | undefined
}

function FrameDetails({ data, frame, when }: FrameDetailsProps): JSX.Element {
  const { duration } = data.meta
  const split = splitOf(frame)
  const self = frame.totalSelfTime
  return (
    <>
      <p class="details-call">
        <b>{cutEnd(visible(frame.function), MAX_DETAIL, '…')}</b>{' '}
        <span class="details-file">
          <Path text={fullLocation(frame)} />
        </span>{' '}
        <PlaceTools frame={frame} />
      </p>
      <ul class="details-times">
        {when !== undefined && <li>{when}</li>}
        <li>
          <b>{milliseconds(frame.time, duration)}</b> {percent(frame.time, duration, 1)} of the
          request
        </li>
        {!frame.isSynthetic && <li>self time {milliseconds(self, duration)}</li>}
        {stateLabels
          .filter(({ state }) => split[state] > 0)
          .map(({ state, doing }) => (
            <li>
              <span class={`swatch ${state}`} aria-hidden="true" />
              {milliseconds(split[state], duration)} {doing}
            </li>
          ))}
        {when === undefined && <Lines data={data} frame={frame} />}
      </ul>
    </>
  )
}

/** Which lines of the function it was, those with most time; each opens in the reader's editor. */
function Lines({ data, frame }: Pick<FrameDetailsProps, 'data' | 'frame'>): JSX.Element {
  const { options } = useContext(PageContext)
  const lines = useMemo(() => frameLines(data, frame), [data, frame])
  return (
    <>
      {lines.slice(0, MAX_LINES).map(({ line, time }) => {
        const url = editorUrl(options, frame.record, line)
        const text = sourceLine(data, frame.filePath, line)?.trim()
        return (
          <li title={text === undefined ? undefined : shortName(text)}>
            {url === undefined ? `line ${line}` : <a href={url}>line {line}</a>}{' '}
            <b>{milliseconds(time, data.meta.duration)}</b>
          </li>
        )
      })}
      {lines.length > MAX_LINES && <li>{counted(lines.length - MAX_LINES, 'more line')}</li>}
    </>
  )
}

/** Opens the place in the reader's editor, and copies it. */
function PlaceTools({ frame }: { frame: Frame }): JSX.Element {
  const { options, say } = useContext(PageContext)
  const { record, lineNo, columnNo } = frame
  const url = editorUrl(options, record, lineNo, columnNo)
  const editor = editors.find(({ name }) => name === options.editor)
  const copy = async () => {
    const place = fullLocation(frame)
    say((await copyText(place)) ? `Copied ${place}` : 'The browser did not allow to copy.')
  }
  if (record.file === '') {
    return <></>
  }
  return (
    <span class="place-tools">
      {url !== undefined && (
        <a href={url}>Open in {editor?.name === 'custom' ? 'your editor' : editor?.label}</a>
      )}
      <button type="button" onClick={() => void copy()}>
        Copy place
      </button>
    </span>
  )
}

function fullLocation({ filePath, lineNo, columnNo }: Frame): string {
  if (filePath === '') {
    return ''
  }
  const place = lineNo > 0 ? `:${lineNo}${columnNo > 0 ? `:${columnNo}` : ''}` : ''
  return cutEnd(visible(filePath), MAX_DETAIL, '…') + place
}
